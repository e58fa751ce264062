import { existsSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { appPackage, packageFolder, resource, unpacked } from './resources'

describe('the files that come with the app', () => {
  it('are found: assets, packages, the app itself', () => {
    expect(existsSync(resource('models/mini.safetensors'))).toBe(true)
    expect(existsSync(`${packageFolder('@mediapipe/pose')}/pose_landmark_lite.tflite`)).toBe(true)
    expect(appPackage().version).toMatch(/^\d+\.\d+\.\d+/)
    expect(() => packageFolder('no-such-package')).toThrow()
  })

  it('are named outside the archive of a packaged app', () => {
    expect(unpacked('/opt/studio/resources/app.asar/assets/a.png')).toBe(
      '/opt/studio/resources/app.asar.unpacked/assets/a.png',
    )
    expect(unpacked('C:\\Studio\\resources\\app.asar\\x.exe')).toBe('C:\\Studio\\resources\\app.asar.unpacked\\x.exe')
    expect(unpacked('/home/app.asar.old/a.png')).toBe('/home/app.asar.old/a.png')
  })
})
