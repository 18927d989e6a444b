"""Cut a polygon into parts of given weights: a balanced recursion of straight cuts. Pure and deterministic.

Parts tile the whole exactly: each cut makes its end points once and gives them to both sides, so neighbours share
their edge to the last bit, whatever the shape. Used to invent areas (grids) for which no survey is at hand.

A shape is a list of rings without holes; a ring is a list of (x, y), counter-clockwise, not closed.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import TypeVar

Point = tuple[float, float]
Ring = list[Point]
Shape = list[Ring]
Key = TypeVar("Key")

DECIMALS = 7  # of a degree: about a centimetre
STEP = 10.0**-DECIMALS
SMALLEST = 1e-12  # square degrees: 0.01 m², below which a ring is dust of rounding
CLOSE_ENOUGH = 0.002  # of the part wanted: synthetic parts need no more


def ring_area(ring: Ring) -> float:
    """Signed area (shoelace): positive when the ring runs counter-clockwise."""
    total = 0.0
    x0, y0 = ring[-1]
    for x1, y1 in ring:
        total += x0 * y1 - x1 * y0
        x0, y0 = x1, y1
    return total / 2


def shape_area(shape: Shape) -> float:
    return sum(ring_area(ring) for ring in shape)


def bounds(shape: Shape) -> tuple[float, float, float, float]:
    """(least x, least y, greatest x, greatest y)"""
    xs = [x for ring in shape for x, _ in ring]
    ys = [y for ring in shape for _, y in ring]
    return min(xs), min(ys), max(xs), max(ys)


def area_below(shape: Shape, axis: int, limit: float) -> float:
    """Area of the part where the coordinate `axis` is below `limit`: the integral under each clipped edge."""
    total = 0.0
    for ring in shape:
        u0, v0 = ring[-1][axis], ring[-1][1 - axis]
        for point in ring:
            u1, v1 = point[axis], point[1 - axis]
            if u0 < limit or u1 < limit:
                ua, va, ub, vb = u0, v0, u1, v1
                if ua > limit:
                    ua, va = limit, v0 + (limit - u0) * (v1 - v0) / (u1 - u0)
                if ub > limit:
                    ub, vb = limit, v0 + (limit - u0) * (v1 - v0) / (u1 - u0)
                total += (ua - ub) * (va + vb)
            u0, v0 = u1, v1
    return abs(total) / 2


def cut(shape: Shape, axis: int, limit: float) -> tuple[Shape, Shape]:
    """The parts below and above `limit`. No vertex may lie on the cut: see `free_limit`."""
    below: Shape = []
    above: Shape = []
    for ring in shape:
        sides = [point[axis] < limit for point in ring]
        if all(sides):
            below.append(ring)
        elif not any(sides):
            above.append(ring)
        else:
            for part, low in _cut_ring(ring, sides, axis, limit):
                (below if low else above).append(part)
    return below, above


def free_limit(shape: Shape, axis: int, wanted: float) -> float:
    """The cut nearest above `wanted`, rounded, on which no vertex lies."""
    taken = {point[axis] for ring in shape for point in ring}
    limit = round(wanted, DECIMALS)
    while limit in taken:
        limit = round(limit + STEP, DECIMALS)
    return limit


def _cut_ring(ring: Ring, sides: list[bool], axis: int, limit: float) -> Iterator[tuple[Ring, bool]]:
    """Rings of one side each. Chains between crossings are joined along the cut: crossings, sorted along it, pair up
    because the inside lies between the first and second, the third and fourth, and so on."""
    chains: list[tuple[int, Ring, int, bool]] = []
    crossings: list[float] = []
    count = len(ring)
    first = next(i for i in range(count) if sides[i] != sides[i - 1])
    for offset in range(count):
        here = (first + offset) % count
        if sides[here] != sides[here - 1]:
            (xa, ya), (xb, yb) = ring[here - 1], ring[here]
            ua, va, ub, vb = (xa, ya, xb, yb) if axis == 0 else (ya, xa, yb, xb)
            crossings.append(round(va + (limit - ua) * (vb - va) / (ub - ua), DECIMALS))
            chains.append((len(crossings) - 1, [], len(crossings), sides[here]))
        chains[-1][1].append(ring[here])
    order = sorted(range(len(crossings)), key=lambda i: crossings[i])
    partner = {}
    for i in range(0, len(order), 2):
        partner[order[i]], partner[order[i + 1]] = order[i + 1], order[i]
    yield from _join(chains, crossings, partner, axis, limit)


def _join(
    chains: list[tuple[int, Ring, int, bool]],
    crossings: list[float],
    partner: dict[int, int],
    axis: int,
    limit: float,
) -> Iterator[tuple[Ring, bool]]:
    places = [(limit, v) if axis == 0 else (v, limit) for v in crossings]
    left = set(range(len(chains)))
    while left:
        chain = start = min(left)
        part: Ring = []
        while True:
            left.discard(chain)
            begin, points, end, low = chains[chain]
            end %= len(crossings)
            part += [places[begin], *points, places[end]]
            chain = partner[end]  # the chain that begins at crossing i is chain i
            if chain == start or chain not in left:
                break
        part = _without_repeats(part)
        if len(part) > 2 and abs(ring_area(part)) > SMALLEST:
            yield part, low


def _without_repeats(ring: Ring) -> Ring:
    return [point for i, point in enumerate(ring) if point != ring[i - 1]]


def _split_place(weights: Sequence[float]) -> int:
    """Where to divide a row of weights so that both sides weigh about the same: 1 … len-1."""
    half, running = sum(weights) / 2, 0.0
    for i, weight in enumerate(weights[:-1]):
        if running + weight >= half:
            return i + 1 if i == 0 or running + weight - half <= half - running else i
        running += weight
    return len(weights) - 1


def _balanced_limit(shape: Shape, axis: int, fraction: float) -> float:
    """Where to cut so that `fraction` of the area lies below: false position kept between proven bounds."""
    box = bounds(shape)
    low, high = box[axis], box[axis + 2]
    total = shape_area(shape)
    wanted = total * fraction
    area_low, area_high = 0.0, total
    limit = low + (high - low) * fraction
    for turn in range(40):
        area = area_below(shape, axis, limit)
        if abs(area - wanted) <= CLOSE_ENOUGH * min(wanted, total - wanted):
            break
        if area < wanted:
            low, area_low = limit, area
        else:
            high, area_high = limit, area
        share = (wanted - area_low) / (area_high - area_low) if turn % 3 < 2 else 0.5
        limit = low + (high - low) * min(max(share, 0.02), 0.98)
    return free_limit(shape, axis, limit)


def slice_by_weight(shape: Shape, parts: Sequence[tuple[Key, float]]) -> Iterator[tuple[Key, Shape]]:
    """Give each key a part of `shape` in proportion to its weight (> 0), neighbours in the order given.

    Cuts run across the longer side, a degree of longitude counting as it does at that latitude.
    """
    if len(parts) == 1:
        yield parts[0][0], shape
        return
    least_x, least_y, most_x, most_y = bounds(shape)
    wide = (most_x - least_x) * math.cos(math.radians((least_y + most_y) / 2)) >= most_y - least_y
    axis = 0 if wide else 1
    weights = [weight for _, weight in parts]
    place = _split_place(weights)
    below, above = cut(shape, axis, _balanced_limit(shape, axis, sum(weights[:place]) / sum(weights)))
    yield from slice_by_weight(below, parts[:place])
    yield from slice_by_weight(above, parts[place:])
