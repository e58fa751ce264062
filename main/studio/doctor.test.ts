import os from 'node:os'
import { expect, it } from 'vitest'
import { examine, report } from './doctor'

const absent = { available: false, reason: 'no card' }
const none = { cpu: { available: true, speed: 1 }, webgpu: absent, cuda: absent, dml: absent, coreml: absent }

it('finds what is there, and says of every device what it is worth or why it is not used', async () => {
  const webgpu = { available: true, speed: 12.34, difference: 2e-6, fallen: { MaxPool: 2 } }
  const findings = await examine(() => Promise.resolve({ ...none, webgpu }), os.tmpdir())
  expect(findings.filter(({ status }) => status === 'missing')).toEqual([])
  expect(findings).toContainEqual({ name: 'cuda', status: 'note', text: 'not used: no card' })
  expect(findings).toContainEqual({
    name: 'webgpu',
    status: 'ok',
    text: 'works: 12 times as fast as the processor; differs by 2e-6; left to the processor: MaxPool 2',
  })
})

it('says that there is no engine instead of failing', async () => {
  const broken = { ...none, cpu: { available: false, reason: 'trying it failed: the engine was killed' } }
  const findings = await examine(() => Promise.resolve(broken), os.tmpdir())
  const said = findings.find(({ name }) => name === 'onnxruntime')
  expect(said).toMatchObject({ status: 'missing', text: expect.stringContaining('the engine was killed') as string })
})

it('does not tell the name of the user', () => {
  const text = report([{ name: 'disk', status: 'ok', text: `9 GiB free in ${os.homedir()}/clips` }])
  expect(text).toContain('free in ~/clips')
})
