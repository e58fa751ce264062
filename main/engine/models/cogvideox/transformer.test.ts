// The golden vectors of cogvideox-facts 13.2: a tiny model whose weights come from a known number source, run through diffusers.
import { beforeAll, describe, expect, it } from 'vitest'
import { fill, goldenWeights } from '../../../../test/support/golden'
import { compile } from '../../backends/onnx'
import { input, program } from '../../ir'
import type { HostTensor, Tensor } from '../../ir'
import { Scope, sinusoid } from '../../nn'
import { parseTransformerConfig } from './config'
import { gridPositions, rotaryTables } from './rotary'
import { conditioning, patchify, transformer } from './transformer'

const config = parseTransformerConfig(
  {
    num_attention_heads: 2,
    attention_head_dim: 16,
    in_channels: 8,
    out_channels: 4,
    time_embed_dim: 24,
    ofs_embed_dim: 24,
    text_embed_dim: 20,
    num_layers: 2,
    patch_size_t: 2,
    max_text_seq_length: 5,
  },
  'golden',
)

describe('the transformer of CogVideoX 1.5', () => {
  const scope = new Scope()
  let results: Record<string, HostTensor>
  let weights: Record<string, HostTensor>

  beforeAll(async () => {
    const { cos, sin } = rotaryTables(gridPositions({ time: 2, height: 2, width: 3 }), 16)
    const given: Record<string, HostTensor> = {
      latents: fill([2, 4, 8, 4, 6], 1),
      text: fill([2, 5, 20], 2),
      time: sinusoid([999, 19], 32),
      ofs: sinusoid([2], 24),
      cos,
      sin,
    }
    const inputs = Object.fromEntries(Object.entries(given).map(([name, { shape }]) => [name, input(name, shape)])) as {
      [name: string]: Tensor
    }
    const { latents, text, time, ofs } = inputs as Record<'latents' | 'text' | 'time' | 'ofs', Tensor>
    const rope = { cos: inputs.cos!, sin: inputs.sin! }
    const { output, embedded, blocks } = transformer(scope, { latents, text, time, ofs, rope }, config)
    weights = goldenWeights(scope.specs)
    const executable = await compile(
      program('golden', {
        c: conditioning(scope, time, config, ofs),
        embedded,
        video0: blocks[0]!.video,
        text0: blocks[0]!.text,
        video1: blocks[1]!.video,
        text1: blocks[1]!.text,
        projected: patchify(output, config),
        output,
      }),
    )
    // The last block's text goes nowhere in the published model, but it is an output here: every weight is used.
    results = await executable.run({ ...given, ...weights })
    await executable.dispose()
  })

  it('has the 68 weights of the published layout', () => {
    expect(Object.keys(weights)).toHaveLength(68)
    expect(Object.keys(weights)[0]).toBe('norm_final.bias')
    expect([...weights['norm_final.bias']!.data.slice(0, 3)].map((value) => Number(value).toFixed(6))).toEqual([
      '0.059039',
      '0.065538',
      '0.038303',
    ])
  })

  it.each([
    ['c', 2.599737, 1.470849, [0.041004, 0.236604, 0.355776, -0.151351], [0.294081, -0.129632, 0.261071]],
    ['embedded', -10.134551, 233.788789, [-0.044365, -0.11281, -0.002851], [-0.16394, 1.298887, 0.135607]],
    ['video0', -5.744651, 206.586007, [-0.640515, 0.023682, -0.056615], [-0.206567, 1.398748, 0.164801]],
    ['text0', -5.060756, 30.363624, [-0.04911, -0.097305, 0.020616], [0.417263, 0.062243, 0.176825]],
    ['video1', -7.376953, 207.678882, [-0.643447, 0.044344, -0.045814], [-0.305192, 1.395751, 0.263741]],
    ['text1', -5.115626, 30.463161, [-0.058232, -0.057638, 0.022624], [0.40265, 0.101615, 0.145833]],
    ['projected', 27.365032, 308.535166, [-0.060267, -0.716423, -0.147323, 0.32529], [0.138936, -0.054502, 0.78974]],
    [
      'output',
      27.365032,
      308.535166,
      [-0.060267, -0.716423, 0.703093, 0.416316, 0.747616],
      [0.026996, -0.054502, 0.78974],
    ],
  ])('%s', (name, sum, squares, first, last) => {
    const data = [...(results[name]!.data as Float32Array)]
    expect(data.reduce((a, b) => a + b, 0)).toBeCloseTo(sum, 2)
    expect(data.reduce((a, b) => a + b * b, 0)).toBeCloseTo(squares, 2)
    first.forEach((value, i) => expect(data[i]).toBeCloseTo(value, 4))
    last.forEach((value, i) => expect(data[data.length - last.length + i]).toBeCloseTo(value, 4))
  })

  it('puts video tokens after text, features in the order channel, time, row, column', () => {
    const firstVideoToken = [...(results.embedded!.data as Float32Array)].slice(5 * 32, 5 * 32 + 4)
    ;[-0.69441, 0.028984, -0.0605, 0.061213].forEach((value, i) => expect(firstVideoToken[i]).toBeCloseTo(value, 4))
    const at = (((1 * 4 + 3) * 4 + 2) * 4 + 1) * 6 + 4
    expect(results.output!.data[at]).toBeCloseTo(-0.40632, 4)
  })
})

describe('the published 5B image-to-video model', () => {
  it('has 1028 tensors and 5,571,594,880 parameters', () => {
    const published = parseTransformerConfig(
      { num_layers: 42, num_attention_heads: 48, in_channels: 32, patch_size_t: 2, ofs_embed_dim: 512 },
      'published',
    )
    const scope = new Scope()
    const rope = { cos: input('cos', [4, 64]), sin: input('sin', [4, 64]) }
    const { output } = transformer(
      scope,
      {
        latents: input('latents', [1, 2, 32, 4, 4]),
        text: input('text', [1, 226, 4096]),
        time: input('time', [1, 3072]),
        ofs: input('ofs', [1, 512]),
        rope,
      },
      published,
    )
    const sizes = [...scope.specs.values()].map(({ shape }) => shape.reduce((a, b) => a * b, 1))
    expect(sizes).toHaveLength(1028)
    expect(sizes.reduce((a, b) => a + b, 0)).toBe(5_571_594_880)
    expect(output.shape).toEqual([1, 2, 16, 4, 4])
  })
})
