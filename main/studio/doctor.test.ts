import os from 'node:os'
import { expect, it } from 'vitest'
import { examine, report } from './doctor'

it('finds what is there, and says why a provider is not used', async () => {
  const probe = () =>
    Promise.resolve({ cpu: { available: true }, cuda: { available: false, reason: 'x was false. no card' } })
  const findings = await examine(probe, os.tmpdir())
  expect(findings.filter(({ status }) => status === 'missing')).toEqual([])
  expect(findings).toContainEqual({ name: 'cuda', status: 'note', text: 'not used: no card' })
})

it('says that there is no engine instead of failing', async () => {
  const findings = await examine(() => Promise.reject(new Error('the engine was killed')), os.tmpdir())
  expect(findings).toContainEqual({ name: 'onnxruntime', status: 'missing', text: 'the engine was killed' })
})

it('does not tell the name of the user', () => {
  const text = report([{ name: 'disk', status: 'ok', text: `9 GiB free in ${os.homedir()}/clips` }])
  expect(text).toContain('free in ~/clips')
})
