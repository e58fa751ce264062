"""The decoder of AutoencoderKLCogVideoX in plain PyTorch, written from the description of the architecture: an oracle that shares no
line with the engine, and what its speed is measured against (test/bench/vae.ts).

    python3 vae_decode.py FOLDER THREADS

FOLDER holds model.safetensors (float32, the config as JSON in its metadata) and latents.safetensors (`latents` [1, C, t, h, w]).
Every line on standard input makes one decode; its seconds, its processor seconds and the process's peak memory in MiB go to standard
output, the pixels to FOLDER/decoded.f32 (raw float32, [1, 3, T, H, W]). The order of operations is the published model's: latents are resized to the features, then convolved.
"""

import json
import resource
import struct
import sys
import time
from pathlib import Path

import numpy
import torch
import torch.nn.functional as F


def read_safetensors(path):
    """Float32 tensors by name, and the metadata."""
    with open(path, "rb") as file:
        (length,) = struct.unpack("<Q", file.read(8))
        header = json.loads(file.read(length))
        data = file.read()
    metadata = header.pop("__metadata__", {})
    tensors = {}
    for name, entry in header.items():
        assert entry["dtype"] == "F32", f"{name} is {entry['dtype']}"
        start, end = entry["data_offsets"]
        values = numpy.frombuffer(data, numpy.float32, (end - start) // 4, start).reshape(entry["shape"])
        tensors[name] = torch.from_numpy(values.copy())
    return tensors, metadata


class Decoder:
    def __init__(self, weights, config):
        self.weights = weights
        self.config = config
        self.cache = {}

    def conv(self, name, x, **options):
        return F.conv3d(x, self.weights[f"{name}.weight"], self.weights[f"{name}.bias"], **options)

    def causal(self, name, x):
        """3x3x3, two frames of the past before the first: the cached ones, or the first repeated."""
        past = self.cache.get(name)
        if past is None:
            past = x[:, :, :1].expand(-1, -1, 2, -1, -1)
        x = torch.cat([past, x], dim=2)
        self.cache[name] = x[:, :, -2:].clone()
        return self.conv(f"{name}.conv", x, padding=(0, 1, 1))

    def norm(self, name, x, z):
        """GroupNorm scaled and shifted by what the latents say, at the features' size."""
        frames, height, width = x.shape[2:]
        if frames > 1 and frames % 2 == 1:
            first = F.interpolate(z[:, :, :1], size=(1, height, width))
            rest = F.interpolate(z[:, :, 1:], size=(frames - 1, height, width))
            z = torch.cat([first, rest], dim=2)
        else:
            z = F.interpolate(z, size=(frames, height, width))
        normal = F.group_norm(
            x,
            self.config["norm_num_groups"],
            self.weights[f"{name}.norm_layer.weight"],
            self.weights[f"{name}.norm_layer.bias"],
            self.config["norm_eps"],
        )
        return normal * self.conv(f"{name}.conv_y.conv", z) + self.conv(f"{name}.conv_b.conv", z)

    def resnet(self, name, x, z):
        h = self.causal(f"{name}.conv1", F.silu(self.norm(f"{name}.norm1", x, z)))
        h = self.causal(f"{name}.conv2", F.silu(self.norm(f"{name}.norm2", h, z)))
        if f"{name}.conv_shortcut.weight" in self.weights:
            x = self.conv(f"{name}.conv_shortcut", x)
        return x + h

    def upsample(self, name, x, time):
        frames = x.shape[2]
        if time and frames > 1 and frames % 2 == 1:
            first = F.interpolate(x[:, :, 0], scale_factor=2.0)[:, :, None]
            rest = F.interpolate(x[:, :, 1:], scale_factor=2.0)
            x = torch.cat([first, rest], dim=2)
        elif time and frames > 1:
            x = F.interpolate(x, scale_factor=2.0)
        else:
            x = F.interpolate(x, scale_factor=(1.0, 2.0, 2.0))
        batch, channels, frames, height, width = x.shape
        planes = x.permute(0, 2, 1, 3, 4).reshape(batch * frames, channels, height, width)
        planes = F.conv2d(planes, self.weights[f"{name}.conv.weight"], self.weights[f"{name}.conv.bias"], padding=1)
        return planes.reshape(batch, frames, channels, height, width).permute(0, 2, 1, 3, 4)

    def chunk(self, z):
        x = self.causal("decoder.conv_in", z)
        for i in range(2):
            x = self.resnet(f"decoder.mid_block.resnets.{i}", x, z)
        levels = len(self.config["block_out_channels"])
        halvings = self.config["temporal_compression_ratio"].bit_length() - 1
        for level in range(levels):
            for i in range(self.config["layers_per_block"] + 1):
                x = self.resnet(f"decoder.up_blocks.{level}.resnets.{i}", x, z)
            if level < levels - 1:
                x = self.upsample(f"decoder.up_blocks.{level}.upsamplers.0", x, level < halvings)
        return self.causal("decoder.conv_out", F.silu(self.norm("decoder.norm_out", x, z)))

    def __call__(self, latents):
        """Two latent frames at a time, the remainder in the first chunk."""
        self.cache = {}
        count, size = latents.shape[2], 2
        rest = count % size
        parts = []
        for i in range(max(count // size, 1)):
            start = 0 if i == 0 else size * i + rest
            parts.append(self.chunk(latents[:, :, start : size * (i + 1) + rest]))
        return torch.cat(parts, dim=2)


def main():
    folder, threads = Path(sys.argv[1]), int(sys.argv[2])
    torch.set_num_threads(threads)
    weights, metadata = read_safetensors(folder / "model.safetensors")
    latents = read_safetensors(folder / "latents.safetensors")[0]["latents"]
    decode = Decoder(weights, json.loads(metadata["config"]))
    for _ in sys.stdin:
        with torch.inference_mode():
            start, busy = time.perf_counter(), time.process_time()
            video = decode(latents)
            seconds, processor = time.perf_counter() - start, time.process_time() - busy
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        video.contiguous().numpy().tofile(folder / "decoded.f32")
        print(seconds, processor, peak, flush=True)


if __name__ == "__main__":
    main()
