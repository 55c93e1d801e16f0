"""`gongkai schema`: the JSON Schema of front matter."""

import json

import click


@click.command(short_help="输出字段区的 JSON Schema，供编辑器使用。")
def schema() -> None:
    """输出字段区的 JSON Schema（编辑器据此提示字段名和取值）。"""
    from hooks.records.schema import front_matter_schema

    click.echo(json.dumps(front_matter_schema(), ensure_ascii=False, indent=2))
