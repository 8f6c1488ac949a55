#!/usr/bin/env python3
"""Writes the vectors of docs/protocol.md into shared/src/test/resources/vectors.

Needs Python 3.10 and its package `cryptography`. Run it after the protocol has grown; a vector that is
already published must come out the same.
"""

import pathlib
import shutil
import blocks
import channels
import feeds
import files
import frames
import graphs
import merkle
import quota
import signatures
import statements

TARGET = pathlib.Path(__file__).resolve().parent.parent / "resources" / "vectors"

for part in (merkle, blocks, quota, frames, statements, files, feeds, graphs, channels, signatures):
    for kind in part.KINDS:
        shutil.rmtree(TARGET / kind, ignore_errors=True)
    part.make(TARGET)
