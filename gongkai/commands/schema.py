"""`gongkai schema`: the JSON Schema of front matter."""

import json

import click


@click.command(options_metavar="[选项]", short_help="输出字段区的 JSON Schema，供编辑器使用。")
@click.option("--defaults", is_flag=True, help="输出文件夹默认值（.meta.yml）用的，其中没有必填字段。")
def schema(defaults: bool) -> None:
    """输出字段区的 JSON Schema（编辑器据此提示字段名和取值）。"""
    from gongkai.records.record import defaults_schema, front_matter_schema

    wanted = defaults_schema() if defaults else front_matter_schema()
    click.echo(json.dumps(wanted, ensure_ascii=False, indent=2))
