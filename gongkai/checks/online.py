"""Asking the network whether links to other sites still open: politely, and nobody but the public internet.

One request at a time to each host and a few hosts at once, HEAD first and GET where a server refuses that, within a
time. Addresses of private networks are not asked, whatever name or redirection leads to them: a document must not be
able to make this machine knock at its neighbours' doors.
"""

import http.client
import ipaddress
import socket
import ssl
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from urllib.error import HTTPError, URLError
from urllib.parse import quote, urlsplit, urlunsplit
from urllib.request import HTTPHandler, HTTPSHandler, OpenerDirector, ProxyHandler, Request, build_opener

TIMEOUT = 10.0
HOSTS_AT_ONCE = 8
#: Addresses asked in one run; more are left for the next, and said so.
MOST = 500
_AGENT = "gongkai-check (link checker of a government disclosure site)"
#: A server that does not want to be asked this way says nothing of the page.
_SHY = (400, 403, 405, 406, 429, 501, 503, 999)
_GONE = (404, 410)

MayAsk = Callable[[str], bool]


def is_public(address: str) -> bool:
    """Whether an IP address is one of the public internet."""
    return ipaddress.ip_address(address.partition("%")[0]).is_global


def dead_links(addresses: Iterable[str], *, may_ask: MayAsk = is_public, timeout: float = TIMEOUT) -> Mapping[str, str]:
    """Why an address does not open, for each that does not; `may_ask` decides on IP addresses."""
    by_host = defaultdict[str, list[str]](list)
    for address in list(dict.fromkeys(addresses))[:MOST]:
        by_host[urlsplit(address).hostname or ""].append(address)
    opener = _opener(may_ask)
    with ThreadPoolExecutor(HOSTS_AT_ONCE) as pool:
        answers = pool.map(lambda group: list(_asked(group, opener, timeout)), by_host.values())
        return {address: why for group in answers for address, why in group if why}


def _asked(addresses: Sequence[str], opener: OpenerDirector, timeout: float) -> Iterator[tuple[str, str]]:
    """Each address of one host and why it does not open; once a host does not answer it is left in peace."""
    silent = ""
    for address in addresses:
        why, is_silent = (silent, True) if silent else _answer(address, opener, timeout)
        silent = why if is_silent else ""
        yield address, why


def _answer(address: str, opener: OpenerDirector, timeout: float) -> tuple[str, bool]:
    """Why an address does not open, "" where it does, and whether its host does not answer at all."""
    for method in ("HEAD", "GET"):
        request = Request(_as_sent(address), method=method, headers={"User-Agent": _AGENT})
        try:
            with opener.open(request, timeout=timeout):
                return "", False
        except HTTPError as refused:
            if refused.code in _GONE and method == "GET":
                return f"服务器答复 {refused.code}（没有这个网页）", False
            if refused.code not in (*_SHY, *_GONE):
                return f"服务器答复 {refused.code}", False
        except (OSError, URLError, http.client.HTTPException, ValueError) as problem:
            return _reason(problem)
    return "", False


def _reason(problem: Exception) -> tuple[str, bool]:
    cause = problem.reason if isinstance(problem, URLError) else problem
    if isinstance(cause, _PrivateError):
        return "指向内部网络的地址，没有访问", False
    if isinstance(cause, TimeoutError):
        return "服务器没有及时答复", True
    if isinstance(cause, socket.gaierror):
        return "没有这个域名", True
    return f"连不上（{cause}）", True


def _as_sent(address: str) -> str:
    """An address as it goes over the wire."""
    parts = urlsplit(address)
    host = parts.netloc if parts.netloc.isascii() else parts.netloc.encode("idna").decode()
    path, query = (quote(parts.path, safe="/%:@!$&'()*+,;=~-._"), quote(parts.query, safe="=&%/:?@!$'()*+,;~-._"))
    return urlunsplit((parts.scheme, host, path or "/", query, ""))


class _PrivateError(OSError):
    """An address that is not asked."""


def _opener(may_ask: MayAsk) -> OpenerDirector:
    """Opens http and https only, by itself: what a proxy would be asked cannot be looked at."""

    def connect(address: tuple[str, int], timeout: float, source: tuple[str, int] | None = None) -> socket.socket:
        problem: OSError = _PrivateError(address[0])
        for *_, target in socket.getaddrinfo(*address, type=socket.SOCK_STREAM):
            if may_ask(str(target[0])):
                try:
                    return socket.create_connection((str(target[0]), int(target[1])), timeout, source)
                except OSError as refused:
                    problem = refused
        raise problem

    trust = ssl.create_default_context()

    class Plain(http.client.HTTPConnection):
        def connect(self) -> None:
            self.sock = connect((self.host, self.port), self.timeout or TIMEOUT)

    class Secure(http.client.HTTPSConnection):
        def connect(self) -> None:
            raw = connect((self.host, self.port), self.timeout or TIMEOUT)
            self.sock = trust.wrap_socket(raw, server_hostname=self.host)

    class OverPlain(HTTPHandler):
        def http_open(self, req: Request) -> http.client.HTTPResponse:
            return self.do_open(Plain, req)

    class OverSecure(HTTPSHandler):
        def https_open(self, req: Request) -> http.client.HTTPResponse:
            return self.do_open(Secure, req)

    return build_opener(ProxyHandler({}), OverPlain(), OverSecure())
