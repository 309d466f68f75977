"""`coach devices`: list the microphones and speakers of this machine."""

from __future__ import annotations

import click
from rich.table import Table

from coach.audio import Device, Kind, portaudio, silence_native_stderr
from coach.cli.console import Console


@click.command()
def devices() -> None:
    """List microphones and speakers.

    Use their numbers or names with --input and in the settings.
    """
    with silence_native_stderr():
        found = portaudio().devices()
    console = Console()
    kinds: tuple[tuple[Kind, str], ...] = (("input", "microphones"), ("output", "speakers"))
    for kind, title in kinds:
        able = [device for device in found if device.channels(kind)]
        console.print(_table(able, kind) if able else f"no {title}", highlight=False)


def _table(devices: list[Device], kind: Kind) -> Table:
    table = Table(box=None, pad_edge=False, title_justify="left")
    table.add_column("", justify="right")
    table.add_column("microphones" if kind == "input" else "speakers")
    for name in ("channels", "Hz"):
        table.add_column(name, justify="right")
    table.add_column("via")
    for device in devices:
        name = f"{device.name} (default)" if device.is_default(kind) else device.name
        table.add_row(str(device.index), name, str(device.channels(kind)), str(device.rate), device.host)
    return table
