"""The feature networks of the metrics in plain PyTorch, written independently of the engine's, to compare with.

usage: python3 features.py IN.safetensors OUT.safetensors

IN holds `<net>.input` and `<net>.weight.<name>` for any of vgg16, vgg19, inception, i3d, lpips; OUT gets `<net>.<output>`.
Weights are whatever the test drew: this compares code, it needs no published network. Debian: python3-torch libopenblas0-pthread.
"""

import json
import struct
import sys

import numpy as np
import torch
import torch.nn.functional as F


def read(path):
    with open(path, "rb") as file:
        (length,) = struct.unpack("<Q", file.read(8))
        header = json.loads(file.read(length))
        data = file.read()
    header.pop("__metadata__", None)
    tensors = {}
    for name, entry in header.items():
        start, end = entry["data_offsets"]
        values = np.frombuffer(data[start:end], dtype=np.float32).reshape(entry["shape"])
        tensors[name] = torch.from_numpy(values.copy())
    return tensors


def write(path, tensors):
    header, end = {}, 0
    arrays = {name: np.ascontiguousarray(t.numpy(), dtype=np.float32) for name, t in tensors.items()}
    for name, array in arrays.items():
        header[name] = {"dtype": "F32", "shape": list(array.shape), "data_offsets": [end, end + array.nbytes]}
        end += array.nbytes
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text)
        for array in arrays.values():
            file.write(array.tobytes())


class Weights:
    """Weights below a dotted name."""

    def __init__(self, tensors, prefix):
        self.tensors, self.prefix = tensors, prefix

    def at(self, name):
        return Weights(self.tensors, f"{self.prefix}.{name}")

    def __getitem__(self, name):
        return self.tensors[f"{self.prefix}.{name}"]


def conv_norm(w, x, conv, stride=1, padding=0):
    """Convolution, batch norm with the running statistics, ReLU."""
    kernel = w[f"{conv}.weight"]
    x = (F.conv2d if kernel.dim() == 4 else F.conv3d)(x, kernel, None, stride, padding)
    n = w.at("bn")
    x = F.batch_norm(x, n["running_mean"], n["running_var"], n["weight"], n["bias"], training=False, eps=1e-3)
    return F.relu(x)


# VGG ------------------------------------------------------------------------------------------------------------

VGG = {"vgg16": (2, 2, 3, 3, 3), "vgg19": (2, 2, 4, 4, 4)}


def vgg(w, x, stages):
    """The last ReLU of each stage. `x` in [-1, 1]."""
    x = (x + 1) / 2
    x = (x - torch.tensor([0.485, 0.456, 0.406]).view(3, 1, 1)) / torch.tensor([0.229, 0.224, 0.225]).view(3, 1, 1)
    outputs, layer = [], 0
    for convolutions in stages:
        for _ in range(convolutions):
            x = F.relu(F.conv2d(x, w[f"features.{layer}.weight"], w[f"features.{layer}.bias"], padding=1))
            layer += 2
        outputs.append(x)
        x = F.max_pool2d(x, 2)
        layer += 1
    return outputs


def lpips(w, x):
    """LPIPS v0.1 of x[0] and x[1], both [N, 3, H, W]."""
    total = 0
    for i, (a, b) in enumerate(zip(*(vgg(w, side, VGG["vgg16"]) for side in x))):
        a, b = (t / (t.pow(2).sum(1, keepdim=True).sqrt() + 1e-10) for t in (a, b))
        total = total + F.conv2d((a - b) ** 2, w[f"lin{i}.model.1.weight"]).mean((1, 2, 3))
    return total


# Inception-v3, pytorch-fid's form -------------------------------------------------------------------------------


def inception(w, x):
    def unit(name, x, **options):
        return conv_norm(w.at(name), x, "conv", **options)

    def average(x):
        return F.avg_pool2d(x, 3, stride=1, padding=1, count_include_pad=False)

    x = F.interpolate((x + 1) / 2, size=(299, 299), mode="bilinear", align_corners=False) * 2 - 1
    x = unit("Conv2d_1a_3x3", x, stride=2)
    x = unit("Conv2d_2a_3x3", x)
    x = F.max_pool2d(unit("Conv2d_2b_3x3", x, padding=1), 3, 2)
    x = unit("Conv2d_4a_3x3", unit("Conv2d_3b_1x1", x))
    x = F.max_pool2d(x, 3, 2)
    for name in ("Mixed_5b", "Mixed_5c", "Mixed_5d"):
        five = unit(f"{name}.branch5x5_2", unit(f"{name}.branch5x5_1", x), padding=2)
        three = unit(f"{name}.branch3x3dbl_2", unit(f"{name}.branch3x3dbl_1", x), padding=1)
        three = unit(f"{name}.branch3x3dbl_3", three, padding=1)
        pool = unit(f"{name}.branch_pool", average(x))
        x = torch.cat([unit(f"{name}.branch1x1", x), five, three, pool], 1)
    three = unit("Mixed_6a.branch3x3dbl_2", unit("Mixed_6a.branch3x3dbl_1", x), padding=1)
    three = unit("Mixed_6a.branch3x3dbl_3", three, stride=2)
    x = torch.cat([unit("Mixed_6a.branch3x3", x, stride=2), three, F.max_pool2d(x, 3, 2)], 1)
    for name in ("Mixed_6b", "Mixed_6c", "Mixed_6d", "Mixed_6e"):
        wide, tall = {"padding": (0, 3)}, {"padding": (3, 0)}
        seven = x
        for n, options in ((1, {}), (2, wide), (3, tall)):
            seven = unit(f"{name}.branch7x7_{n}", seven, **options)
        double = x
        for n, options in ((1, {}), (2, tall), (3, wide), (4, tall), (5, wide)):
            double = unit(f"{name}.branch7x7dbl_{n}", double, **options)
        pool = unit(f"{name}.branch_pool", average(x))
        x = torch.cat([unit(f"{name}.branch1x1", x), seven, double, pool], 1)
    three = unit("Mixed_7a.branch3x3_2", unit("Mixed_7a.branch3x3_1", x), stride=2)
    seven = unit("Mixed_7a.branch7x7x3_2", unit("Mixed_7a.branch7x7x3_1", x), padding=(0, 3))
    seven = unit("Mixed_7a.branch7x7x3_3", seven, padding=(3, 0))
    seven = unit("Mixed_7a.branch7x7x3_4", seven, stride=2)
    x = torch.cat([three, seven, F.max_pool2d(x, 3, 2)], 1)
    for name in ("Mixed_7b", "Mixed_7c"):
        pool = average(x) if name == "Mixed_7b" else F.max_pool2d(x, 3, stride=1, padding=1)
        wide, tall = {"padding": (0, 1)}, {"padding": (1, 0)}
        three = unit(f"{name}.branch3x3_1", x)
        double = unit(f"{name}.branch3x3dbl_2", unit(f"{name}.branch3x3dbl_1", x), padding=1)
        parts = [unit(f"{name}.branch1x1", x)]
        parts += [unit(f"{name}.branch3x3_2a", three, **wide), unit(f"{name}.branch3x3_2b", three, **tall)]
        parts += [unit(f"{name}.branch3x3dbl_3a", double, **wide), unit(f"{name}.branch3x3dbl_3b", double, **tall)]
        x = torch.cat(parts + [unit(f"{name}.branch_pool", pool)], 1)
    return x.mean((2, 3))


# I3D ------------------------------------------------------------------------------------------------------------


def same(x, kernel, stride):
    """Zeros around x so that a window gives ceil(length / stride) places, as TensorFlow pads."""
    pads = []
    for length, k, s in list(zip(x.shape[2:], kernel, stride))[::-1]:
        total = max((-(-length // s) - 1) * s + k - length, 0)
        pads += [total // 2, total - total // 2]
    return F.pad(x, pads)


def i3d(w, x):
    def unit(name, x, length=1, stride=1):
        x = same(x, [length] * 3, [stride] * 3)
        return conv_norm(w.at(name), x, "conv3d", stride=stride)

    def pool(x, kernel, stride):
        return F.max_pool3d(same(x, kernel, stride), kernel, stride)

    x = pool(unit("Conv3d_1a_7x7", x, 7, 2), (1, 3, 3), (1, 2, 2))
    x = pool(unit("Conv3d_2c_3x3", unit("Conv3d_2b_1x1", x), 3), (1, 3, 3), (1, 2, 2))
    for name in ("3b", "3c", "", "4b", "4c", "4d", "4e", "4f", "", "5b", "5c"):
        if not name:
            kernel = (3, 3, 3) if x.shape[1] == 480 else (2, 2, 2)
            x = pool(x, kernel, (2, 2, 2))
            continue
        m = f"Mixed_{name}"
        b1 = unit(f"{m}.b1b", unit(f"{m}.b1a", x), 3)
        b2 = unit(f"{m}.b2b", unit(f"{m}.b2a", x), 3)
        b3 = unit(f"{m}.b3b", pool(x, (3, 3, 3), (1, 1, 1)))
        x = torch.cat([unit(f"{m}.b0", x), b1, b2, b3], 1)
    x = F.avg_pool3d(x, (2, 7, 7), 1)
    head = w.at("logits.conv3d")
    return F.conv3d(x, head["weight"], head["bias"])[..., 0, 0].mean(2)


def main(source, target):
    tensors = read(source)
    nets = sorted({name.split(".")[0] for name in tensors})
    outputs = {}
    with torch.no_grad():
        for net in nets:
            w, x = Weights(tensors, f"{net}.weight"), tensors[f"{net}.input"]
            if net in VGG:
                for i, y in enumerate(vgg(w, x, VGG[net])):
                    outputs[f"{net}.stage{i + 1}"] = y
            else:
                outputs[f"{net}.out"] = {"inception": inception, "i3d": i3d, "lpips": lpips}[net](w, x)
    write(target, outputs)


main(*sys.argv[1:])
