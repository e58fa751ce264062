import { describe, expect, it } from 'vitest'
import { compile } from '../backends/onnx'
import { grad, hostTensor, input, program, sizeOf, sum } from '../ir'
import { convBatchNormRelu, initialise, Scope } from '../nn'
import { i3dLogits } from './i3d'
import { inceptionPool3 } from './inception'
import { vggFeatures } from './vgg'

/** Trained numbers (not the running statistics) and the names under which `declare` asks for them. */
function declared(declare: (scope: Scope) => unknown) {
  const scope = new Scope()
  declare(scope)
  const counts = [...scope.specs].map(([name, { shape }]) => (name.includes('running') ? 0 : sizeOf(shape)))
  return { parameters: counts.reduce((a, b) => a + b, 0), names: [...scope.specs.keys()], specs: scope.specs }
}
const pictures = input('pictures', [1, 3, 64, 64])

describe('the feature networks have the published number of parameters, under the published names', () => {
  it('VGG16 and VGG19, convolutions', () => {
    const vgg16 = declared((scope) => vggFeatures(scope, pictures, 'vgg16', ['relu5_3']))
    expect(vgg16.parameters).toBe(14_714_688)
    expect(vgg16.names).toContain('features.28.bias')
    expect(vgg16.specs.get('features.0.weight')!.shape).toEqual([64, 3, 3, 3])
    const vgg19 = declared((scope) => vggFeatures(scope, pictures, 'vgg19', ['relu5_4']))
    expect(vgg19.parameters).toBe(20_024_384)
    expect(vgg19.names).toContain('features.34.weight')
    // Only what is asked for has to be in the file.
    expect(declared((scope) => vggFeatures(scope, pictures, 'vgg16', ['relu4_3'])).names).not.toContain(
      'features.24.weight',
    )
    expect(() => vggFeatures(new Scope(), pictures, 'vgg16', ['relu3_4'])).toThrow('vgg16 has no relu3_4')
  })

  it('Inception-v3: torchvision counts 27,161,264, of which 3,326,696 are its auxiliary head and 2,049,000 its classes', () => {
    const { parameters, names, specs } = declared((scope) => inceptionPool3(scope, pictures))
    expect(parameters).toBe(27_161_264 - 3_326_696 - 2_049_000)
    expect(names).toContain('Mixed_6b.branch7x7dbl_5.bn.running_var')
    expect(specs.get('Mixed_7c.branch3x3dbl_3b.conv.weight')!.shape).toEqual([384, 384, 3, 1])
  })

  it('I3D: 12,287,264 and 400 classes of 1,024 features', () => {
    const { parameters, names } = declared((scope) => i3dLogits(scope, input('video', [1, 3, 16, 224, 224])))
    expect(parameters).toBe(12_287_264 + 400 * 1025)
    expect(names).toContain('Conv3d_1a_7x7.conv3d.weight')
    expect(names).toContain('Mixed_5c.b3b.bn.running_mean')
    expect(() => i3dLogits(new Scope(), input('short', [1, 3, 8, 224, 224]))).toThrow('T >= 9')
  })
})

describe('a convolution with batch normalisation', () => {
  it('is the formula of both', async () => {
    const scope = new Scope()
    const y = convBatchNormRelu(scope, input('x', [1, 1, 1, 2]), 1, { kernel: [1, 1], conv: 'conv' })
    const executable = await compile(program('norm', { y }))
    const values = { 'conv.weight': 3, 'bn.weight': 2, 'bn.bias': 0.5, 'bn.running_mean': 4, 'bn.running_var': 0.249 }
    const feeds = Object.fromEntries(
      [...scope.specs].map(([name, { shape }]) => [name, hostTensor([values[name as keyof typeof values]], shape)]),
    )
    const result = await executable.run({ ...feeds, x: hostTensor([2, 1], [1, 1, 1, 2]) })
    await executable.dispose()
    const expected = [2, 1].map((x) => Math.max(0, ((3 * x - 4) / Math.sqrt(0.249 + 0.001)) * 2 + 0.5))
    expect(expected[1]).toBe(0)
    expect([...(result.y!.data as Float32Array)]).toEqual(expected.map((value) => expect.closeTo(value, 5) as number))
  })
})

describe('a frozen scope', () => {
  const open = new Scope()
  const features = (scope: Scope) => vggFeatures(scope, pictures, 'vgg16', ['relu1_2'])[0]!
  features(open)
  const weights = initialise(open.specs, 0)

  it('makes weights constants of the program: nothing to feed, nothing to differentiate but the pictures', () => {
    const loss = sum(features(Scope.frozen(weights)))
    const p = program('frozen', { loss, slope: grad(loss, [pictures])[0]! })
    expect(p.inputs).toEqual([pictures])
  })

  it('names the weight that it was not given, or was given in another shape', () => {
    expect(() => features(Scope.frozen({}))).toThrow('features.0.weight must be float32 [64, 3, 3, 3], given: nothing')
    const wrong = { ...weights, 'features.0.bias': hostTensor([1], [1]) }
    expect(() => features(Scope.frozen(wrong))).toThrow('features.0.bias must be float32 [64], given: float32 [1]')
  })
})
