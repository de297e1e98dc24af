"""Digested answers, 8,192 to a block, plane by plane. The last block is rewritten until it is full."""

import numpy as np

from prioritization.models import Block
from prioritization.tallies.answers import Answers
from prioritization.tallies.layout import packed, unpacked

SIZE = 8192


def encoded(answers: Answers) -> bytes:
    """One byte: how many segments. Then heads, pairs, and packed: days since the first, codes."""
    days = answers.days - answers.days.min()
    parts = [bytes([answers.codes.shape[0]]), answers.heads.tobytes(), answers.pairs.tobytes(), packed(days)]
    return b"".join([*parts, *(packed(plane) for plane in answers.codes)])


def decoded(data: bytes, n: int, first_day: int, moments: int) -> Answers:
    depth, at = data[0], 1
    heads = np.frombuffer(data, np.uint8, n, at)
    pairs = np.frombuffer(data, np.uint8, n * moments, at + n).reshape(moments, n)
    at += n * (moments + 1)
    planes = []
    for _ in range(depth + 1):
        end = at + 1 + data[at] * n
        planes.append(unpacked(data[at:end]))
        at = end
    codes = np.array(planes[1:], np.uint16).reshape(depth, n)
    return Answers(pairs, heads, (planes[0] + first_day).astype(np.int32), codes)


class Writer:
    """Appends answers to the blocks of one wave, whose digest is locked."""

    def __init__(self, wave_id: int, moments: int) -> None:
        self.wave_id = wave_id
        self.number = 0
        self.open: Answers | None = None
        last = Block.objects.filter(wave_id=wave_id).order_by("number").last()
        if last is not None:
            self.number = last.number + 1
            if last.n_responses < SIZE:
                self.number = last.number
                self.open = decoded(bytes(last.planes), last.n_responses, last.first_day, moments)

    def append(self, answers: Answers) -> None:
        waiting = Answers.joined([self.open, answers]) if self.open is not None else answers
        full = [waiting.take(slice(at, at + SIZE)) for at in range(0, len(waiting), SIZE)]
        rest = full.pop() if full and len(full[-1]) < SIZE else None
        self.write(full)
        self.number += len(full)
        self.open = rest

    def finish(self) -> None:
        self.write([self.open] if self.open is not None else [])

    def write(self, parts: list[Answers]) -> None:
        blocks = [
            Block(
                wave_id=self.wave_id,
                number=self.number + k,
                n_responses=len(part),
                first_day=int(part.days.min()),
                last_day=int(part.days.max()),
                planes=encoded(part),
            )
            for k, part in enumerate(parts)
        ]
        Block.objects.bulk_create(
            blocks,
            update_conflicts=True,
            unique_fields=["wave", "number"],
            update_fields=["n_responses", "first_day", "last_day", "planes"],
        )
