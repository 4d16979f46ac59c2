#!/usr/bin/env python3
"""Writes a GGUF of the llama architecture with random weights that Ollama and llama-server load.

usage: make-gguf.py tiny|large OUT.gguf

tiny is half a megabyte, for tests that only need a model; large is about 160 MB, so that memory visibly moves.
What they answer is noise.
"""

import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import gguf
import numpy as np


@dataclass
class Shape:
    width: int
    layers: int
    heads: int
    hidden: int
    context: int
    type: type


SHAPES = {
    "tiny": Shape(width=64, layers=2, heads=4, hidden=128, context=512, type=np.float32),
    "large": Shape(width=768, layers=11, heads=12, hidden=2048, context=512, type=np.float16),
}

SPACE = "\u2581"


def vocabulary() -> list[tuple[bytes, float, gguf.TokenType]]:
    """A valid SentencePiece vocabulary: three specials, 256 bytes, printable characters, some words."""
    kind = gguf.TokenType
    pieces = [(b"<unk>", 0.0, kind.UNKNOWN), (b"<s>", 0.0, kind.CONTROL), (b"</s>", 0.0, kind.CONTROL)]
    pieces += [(f"<0x{byte:02X}>".encode(), 0.0, kind.BYTE) for byte in range(256)]
    words = [SPACE, *(chr(code) for code in range(33, 127))]
    words += [SPACE + word for word in ("a", "the", "is", "light", "dark", "wood", "room", "book")]
    pieces += [(word.encode(), -float(rank), kind.NORMAL) for rank, word in enumerate(words, 1)]
    # matrices with rows in multiples of 32 suit every backend
    while len(pieces) % 32:
        pieces.append((f"<unused{len(pieces)}>".encode(), -1000.0, kind.UNUSED))
    return pieces


def write(name: str, path: str) -> None:
    shape = SHAPES[name]
    tokens = vocabulary()
    random = np.random.default_rng(1486)
    out = gguf.GGUFWriter(path, "llama")
    out.add_name(f"{name}-random")
    out.add_context_length(shape.context)
    out.add_embedding_length(shape.width)
    out.add_block_count(shape.layers)
    out.add_feed_forward_length(shape.hidden)
    out.add_head_count(shape.heads)
    out.add_head_count_kv(shape.heads)
    out.add_rope_dimension_count(shape.width // shape.heads)
    out.add_rope_freq_base(10000.0)
    out.add_layer_norm_rms_eps(1e-5)
    out.add_vocab_size(len(tokens))
    is_full = shape.type is np.float32
    out.add_file_type(gguf.LlamaFileType.ALL_F32 if is_full else gguf.LlamaFileType.MOSTLY_F16)
    out.add_tokenizer_model("llama")
    out.add_tokenizer_pre("default")
    out.add_token_list([token for token, _, _ in tokens])
    out.add_token_scores([score for _, score, _ in tokens])
    out.add_token_types([int(kind) for _, _, kind in tokens])
    out.add_unk_token_id(0)
    out.add_bos_token_id(1)
    out.add_eos_token_id(2)
    out.add_add_bos_token(True)
    out.add_add_eos_token(False)

    def matrix(tensor: str, rows: int, columns: int) -> None:
        weights = random.standard_normal((rows, columns), dtype=np.float32) * 0.05
        out.add_tensor(tensor, weights.astype(shape.type))

    def norm(tensor: str) -> None:
        out.add_tensor(tensor, np.ones(shape.width, dtype=np.float32))

    matrix("token_embd.weight", len(tokens), shape.width)
    norm("output_norm.weight")
    matrix("output.weight", len(tokens), shape.width)
    for layer in range(shape.layers):
        prefix = f"blk.{layer}"
        norm(f"{prefix}.attn_norm.weight")
        norm(f"{prefix}.ffn_norm.weight")
        for part in ("attn_q", "attn_k", "attn_v", "attn_output"):
            matrix(f"{prefix}.{part}.weight", shape.width, shape.width)
        matrix(f"{prefix}.ffn_gate.weight", shape.hidden, shape.width)
        matrix(f"{prefix}.ffn_up.weight", shape.hidden, shape.width)
        matrix(f"{prefix}.ffn_down.weight", shape.width, shape.hidden)
    out.write_header_to_file()
    out.write_kv_data_to_file()
    out.write_tensors_to_file()
    out.close()


def main() -> None:
    name, target = sys.argv[1], Path(sys.argv[2])
    with tempfile.TemporaryDirectory(dir=target.parent) as beside:
        unfinished = str(Path(beside) / target.name)
        write(name, unfinished)
        Path(unfinished).replace(target)


if __name__ == "__main__":
    main()
