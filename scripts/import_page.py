import click


@click.command("import")
def import_page() -> None:
    """stub until the importer arrives"""
