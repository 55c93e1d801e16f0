# The site built and served in one container: `docker build -t gongkai . && docker run -p 8080:80 gongkai`.
# What is public is decided when the image is built; build it again after every change and every midnight.
FROM python:3.12-slim AS build
# git tells the history that pages print.
RUN apt-get update -qq \
 && apt-get install -y -qq --no-install-recommends git \
 && rm -rf /var/lib/apt/lists/*
WORKDIR /src
# The libraries first: they change less often than documents, and their layer is kept.
COPY pyproject.toml requirements.lock ./
RUN python -m venv .venv \
 && .venv/bin/pip install --quiet --no-cache-dir --require-hashes -r requirements.lock
COPY . .
RUN git config --global --add safe.directory /src \
 && .venv/bin/pip install --quiet --no-cache-dir --no-deps --no-build-isolation --editable . \
 && .venv/bin/gongkai receive init /srv/site.git --site /srv/www --base-url http://localhost/ \
 && .venv/bin/gongkai build --precompress gz --site-dir /out/site \
 && mkdir -p /srv/www/releases/image \
 && mv /out/site /srv/www/releases/image/www \
 && ln -s releases/image /srv/www/current \
 && .venv/bin/gongkai receive nginx --repository /srv/site.git --server-name _ > /srv/gongkai.conf

FROM nginx:stable
RUN rm /etc/nginx/conf.d/default.conf
COPY --from=build /srv/gongkai.conf /etc/nginx/conf.d/gongkai.conf
COPY --from=build /srv/www /srv/www
EXPOSE 80
