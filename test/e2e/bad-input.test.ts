// Whatever is wrong with what the artist gives: one clear line, an exit code that says so, and no file left behind.
import type { ChildProcess } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import sharp, { type Sharp } from 'sharp'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Outcome, anywhere, stopAll, writeUntrainedModel } from '../support/anywhere'
import { bvhText, stillRow } from '../support/bvh'

let inputs: string
let output: string
beforeAll(async () => {
  inputs = fs.mkdtempSync(path.join(os.tmpdir(), 'bad-input-'))
  const plain = (width: number, height: number): Sharp =>
    sharp({ create: { width, height, channels: 3, background: { r: 90, g: 140, b: 60 } } }).png()
  await plain(320, 240).toFile(given('meadow.png'))
  await plain(1, 1).toFile(given('one-pixel.png'))
  fs.writeFileSync(given('text.png'), 'This is not a picture.')
  fs.writeFileSync(given('empty.png'), '')
  fs.mkdirSync(given('no-poses'))
  fs.writeFileSync(given('good.bvh'), bvhText(rows))
  writeUntrainedModel(given('model.safetensors'))
}, 60_000)
afterAll(() => fs.rmSync(inputs, { recursive: true }))
beforeEach(() => (output = fs.mkdtempSync(path.join(os.tmpdir(), 'bad-output-'))))
afterEach(() => {
  stopAll()
  fs.rmSync(output, { recursive: true })
})

const rows = Array<string>(8).fill(stillRow)
const given = (name: string): string => path.join(inputs, name)
const clip = (): string => path.join(output, 'clips/clip.mp4')

/** A render of good input into `clip()`, but for the flags in `changes`. */
function render(changes: Readonly<Record<string, string>> = {}, ...more: string[]): Promise<Outcome> {
  return anywhere([...renderWords(changes), ...more])
}

function renderWords(changes: Readonly<Record<string, string>>): string[] {
  const good = {
    human: given('meadow.png'),
    background: given('meadow.png'),
    motion: given('good.bvh'),
    model: given('model.safetensors'),
    out: clip(),
  }
  return ['render', ...Object.entries({ ...good, ...changes }).flatMap(([flag, value]) => [`--${flag}`, value])]
}

/** One line, exit code 2, nothing written. */
function expectRefusal(outcome: Outcome, message: RegExp): void {
  expect(outcome.error, outcome.stderr).toMatch(message)
  expect(outcome.stderr).not.toMatch(/^\s+at /m) // no stack
  expect(outcome.code).toBe(2)
  expect(fs.readdirSync(output)).toEqual([])
}

describe('the command line', () => {
  it.each<[string[], RegExp]>([
    [['rendr'], /^unknown command 'rendr' \(Did you mean render\?\); see "anywhere --help"$/],
    [
      ['render', '--huamn', 'a.jpg'],
      /^unknown option '--huamn' \(Did you mean --human\?\); see "anywhere render --help"$/,
    ],
    [
      ['render'],
      /^missing --human <IMG>, --background <IMG>, --motion <FILE>, --out <FILE\.mp4>; see "anywhere render --help"$/,
    ],
    [['doctor', 'now'], /^too many arguments for 'doctor'/],
    [['parity'], /^missing required argument 'DIR'/],
    [
      ['train', '--stage', 'dance', '--out', 'm.safetensors'],
      /^--stage: "dance" is not one of poses, places, control, reference, joint/,
    ],
    [
      [
        'train',
        '--stage',
        'joint',
        '--device',
        process.platform === 'win32' ? 'coreml' : 'dml',
        '--out',
        'm.safetensors',
      ],
      /^--device (dml|coreml): .+ cannot be used: .+ is a part of (Windows|macOS); "anywhere doctor" tells of all$/,
    ],
    [['synth', '--clips', '-3', '--out', 'set'], /^--clips: "-3" is not a whole number from 1/],
    [['parity', '/nowhere'], /^DIR: file or folder "\/nowhere" does not exist$/],
  ])('%j', async (words, message) => {
    expectRefusal(await anywhere(words), message)
  })

  it('says the same to programs', async () => {
    const { stdout, code } = await anywhere(['parity', '/nowhere', '--json'])
    expect(JSON.parse(stdout)).toEqual({ type: 'error', message: 'DIR: file or folder "/nowhere" does not exist' })
    expect(code).toBe(2)
  })

  it('has help for everything, with examples', async () => {
    const { stdout, code } = await anywhere(['--help'])
    expect(code).toBe(0)
    const commands = [...stdout.matchAll(/^ {2}(\w+) \[options\]/gm)].map((match) => match[1]!)
    expect(commands).toEqual(expect.arrayContaining(['render', 'synth', 'train', 'evaluate', 'parity', 'doctor']))
    for (const command of commands) {
      const help = await anywhere([command, '--help'])
      expect(help.stdout).toContain(`Examples:\n  anywhere ${command}`)
      expect(help.code).toBe(0)
    }
  })
})

describe('render: flags out of range', () => {
  it.each([
    ['steps', '0', /^--steps: "0" is not a whole number from 1 to 100$/],
    ['frames', '2.5', /^--frames: "2.5" is not a whole number/],
    ['fps', 'fast', /^--fps: "fast" is not a number from 1 to 120$/],
    ['size', '640', /^--size: "640" is not a size; write it as 1280x720$/],
    ['size', '8x8', /^--size: 8x8 is out of range; each side is from 64 to 4096 pixels$/],
    ['hint', 'sideways', /^--hint: "sideways" is not one of auto, static/],
    ['seed', '-1', /^--seed: "-1" is not a whole number from 0/],
  ])('--%s %s', async (flag, value, message) => {
    expectRefusal(await render({ [flag]: value }), message)
  })
})

describe('render: pictures', () => {
  it.each([
    ['human', 'nobody.png', /^--human: file ".*nobody\.png" does not exist$/],
    ['human', 'no-poses', /^--human: ".*no-poses" is a folder, not a file$/],
    ['human', 'text.png', /^".*text\.png" cannot be read as a picture \(.*\); use JPEG, PNG/],
    ['background', 'text.png', /^".*text\.png" cannot be read as a picture/],
    ['background', 'empty.png', /^picture ".*empty\.png" is empty \(0 bytes\)$/],
    ['human', 'one-pixel.png', /^picture ".*one-pixel\.png" is only 1x1 pixels; at least 16x16 are needed$/],
    ['background', 'one-pixel.png', /^picture ".*one-pixel\.png" is only 1x1 pixels/],
    ['human', 'meadow.png', /no person found in the picture; choose another picture or give --keypoints/],
  ])('--%s %s', async (flag, name, message) => {
    expectRefusal(await render({ [flag]: given(name) }), message)
  })
})

describe('render: motions', () => {
  it.each([
    ['NaN', bvhText([...rows.slice(1), stillRow.replace('95', 'NaN')]), /^motion bad\.bvh: .*NaN/],
    ['one row too many', bvhText([...rows, stillRow], 8), /^motion bad\.bvh: .*8/],
    ['zero frames', bvhText([]), /^motion bad\.bvh: .*Frames is 0/],
    ['no BVH at all', 'hello', /^motion bad\.bvh: not a BVH file/],
    ['nothing', '', /^motion bad\.bvh: /],
  ])('BVH with %s', async (_, text, message) => {
    fs.writeFileSync(given('bad.bvh'), text)
    expectRefusal(await render({ motion: given('bad.bvh') }), message)
  })

  it('an OpenPose folder without poses', async () => {
    expectRefusal(await render({ motion: given('no-poses') }), /^motion folder ".*no-poses" holds no \.json files/)
  })
})

describe('render: models', () => {
  const damaged = (damage: (whole: Buffer) => Buffer): string => {
    fs.writeFileSync(given('bad.safetensors'), damage(fs.readFileSync(given('model.safetensors'))))
    return given('bad.safetensors')
  }
  const lie = (from: string, to: string) => (whole: Buffer) =>
    Buffer.from(whole.toString('latin1').replace(from, to.padEnd(from.length)), 'latin1')

  it('cut short', async () => {
    expectRefusal(
      await render({ model: damaged((whole) => whole.subarray(0, whole.length / 2)) }),
      /bad\.safetensors is not a valid safetensors file: its tensors need \d+ bytes, the file has/,
    )
  })
  it('whose header lies about its own length', async () => {
    expectRefusal(
      await render({ model: damaged((whole) => Buffer.concat([Buffer.alloc(8, 0x7f), whole.subarray(8)])) }),
      /bad\.safetensors/,
    )
  })
  it('whose header lies about a tensor', async () => {
    expectRefusal(await render({ model: damaged(lie('"data_offsets":[0,', '"data_offsets":[2,')) }), /bad\.safetensors/)
  })
  it('that is not there', async () => {
    expectRefusal(await render({ model: 'nobody' }), /^model "nobody" does not exist/)
  })
})

describe('outputs that cannot be written are refused before any work', () => {
  it('in a file, on a folder, of another kind', async () => {
    expect((await render({ out: path.join(given('text.png'), 'clip.mp4') })).error).toMatch(
      /^--out: cannot write ".*": a part of its path is a file/,
    )
    fs.mkdirSync(path.join(output, 'folder.mp4'))
    expect((await render({ out: path.join(output, 'folder.mp4') })).error).toMatch(
      /it is a folder; name a file inside it/,
    )
    expect((await render({ out: path.join(output, 'clip.txt') })).error).toMatch(/must end in \.mp4$/)
    expect(fs.readdirSync(output)).toEqual(['folder.mp4'])
  })
  it.skipIf(process.getuid?.() === 0)('in a folder that is not ours (not as root)', async () => {
    expect((await render({ out: '/clip.mp4' })).error).toMatch(/^--out: cannot write "\/clip\.mp4": permission denied/)
  })
})

const person = path.resolve(import.meta.dirname, '../../assets/humans/mara.png')

describe('with a person in the picture', () => {
  it('50 megapixels work', async () => {
    await sharp(person).resize(5600, 9000, { fit: 'fill' }).jpeg().toFile(given('large.jpg'))
    const { code, stderr } = await render(
      { human: given('large.jpg'), background: given('large.jpg') },
      '--frames',
      '12',
    )
    expect(code, stderr).toBe(0)
    expect(fs.readdirSync(path.dirname(clip())).sort()).toEqual(['clip.json', 'clip.mp4'])
  })

  it('Ctrl+C in the middle of a render leaves nothing', async () => {
    const words = renderWords({ human: person })
    const { code, stderr } = await anywhere([...words, '--frames', '60'], interruptAt(/^compose \d/m))
    expect(code, stderr).toBe(130)
    expect(fs.readdirSync(output)).toEqual([])
  })
})

describe('Ctrl+C in the middle of training', () => {
  it('leaves a whole checkpoint, from which --resume goes on', async () => {
    const out = path.join(output, 'model.safetensors')
    const words = ['train', '--stage', 'control', '--batch', '1', '--out', out]
    const stopped = await anywhere([...words, '--steps', '1000'], interruptAt(/^control \d/m))
    expect(stopped.code, stopped.stderr).toBe(130)
    const files = ['model.safetensors', 'model.safetensors.checkpoint.safetensors']
    expect(fs.readdirSync(output).sort()).toEqual(files)
    const done = Number(/^control (\d+)/m.exec(stopped.stderr)![1])

    const unasked = await anywhere([...words, '--steps', '1000'])
    expect(unasked.error).toMatch(/exists: give --resume to go on with it, another --out, or delete it/)

    const resumed = await anywhere([...words, '--steps', String(done + 1000), '--resume'], interruptAt(/^control \d/m))
    expect(Number(/^control (\d+)/m.exec(resumed.stderr)![1])).toBeGreaterThan(done)
    expect(fs.readdirSync(output).sort()).toEqual(files)
  }, 300_000)
})

/** Presses Ctrl+C once, when the standard error has come so far. */
function interruptAt(moment: RegExp): (stderr: string, child: ChildProcess) => void {
  let pressed = false
  return (stderr, child) => {
    if (!pressed && moment.test(stderr)) pressed = child.kill('SIGINT')
  }
}
