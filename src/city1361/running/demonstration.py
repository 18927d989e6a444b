"""Loading bulk demonstration rows in the background, after the first page is up."""

from __future__ import annotations

import sys

from city1361.base.kernel import registry


def main(scale: str) -> None:
    """Run every registered generator at `scale` (town, district or city), telling progress as `done total` lines.

    Does nothing outside a demonstration: a city in service holds what happened and nothing else.
    """
    import django
    from django.conf import settings

    django.setup()
    if not settings.DEMONSTRATION:
        return
    generators = registry.demonstration_generators()
    for place, (name, generate) in enumerate(generators.items()):

        def report(done: int, total: int, name: str = name, place: int = place) -> None:
            sys.stdout.write(f"progress {place + 1} {len(generators)} {done} {total} {name}\n")
            sys.stdout.flush()

        generate(scale, report)
