// `anywhere import`: checks a diffusers folder of CogVideoX to the last tensor, says what it is and what it will need, and makes the
// studio's library refer to it. Nothing is copied, and the folder is never changed.
import path from 'node:path'
import { gigabytes, showMemory } from '../engine/backends/onnx'
import { inspectFolder } from '../engine/render/inspect-folder'
import type { FolderReport } from '../engine/render/inspect-folder'
import { referInHome, usualHomes } from '../studio/homes'
import { defineCommand } from './command'
import { existingFolder, outputFolder, required, text } from './flags'

export const importModel = defineCommand({
  positionals: {
    dir: required(
      existingFolder('DIR', 'diffusers folder: model_index.json, transformer, vae, scheduler, text_encoder'),
    ),
  },
  flags: {
    name: text('NAME', "what to call it; the folder's name when absent"),
    home: outputFolder("home folder of the studio that shall know it; this user's studios when absent"),
  },
  examples: ['anywhere import models/CogVideoX1.5-5B-I2V', 'anywhere import /data/cog --name "CogVideoX 5B" --json'],
  async run({ dir, name, home }, terminal) {
    const report = inspectFolder(dir)
    const called = (name ?? report.name).trim().slice(0, 120) || 'model'
    terminal.say(describe(report))
    for (const note of report.notes) terminal.note(`note: ${note}`)
    const homes = home === undefined ? usualHomes() : [path.resolve(home)]
    const model = { folder: report.dir, sha256: report.hash, name: called, bytes: report.bytes }
    const registered: { home: string; id: string; name: string; alreadyThere: boolean }[] = []
    for (const place of homes) {
      const { asset, alreadyThere } = await referInHome(place, model)
      registered.push({ home: place, id: asset.id, name: asset.name, alreadyThere })
    }
    const { name: known, alreadyThere } = registered[0]!
    const places = homes.map((place) => `"${place}"`).join(' and ')
    terminal.result(
      { ...report, registered },
      `"${known}" is ${alreadyThere ? 'known already' : 'now known'} to the studio in ${places}; on the command line: --model ${report.dir}`,
    )
  },
})

/** What was found, for people: a line per part, then disk and memory. */
function describe({ dir, parts, bytes, memory, disk, imageLatentScale, solver, hash }: FolderReport): string {
  const rows = Object.entries(parts).map(([name, { files, tensors, parameters, dtypes, bytes: size }]) => [
    name,
    `${tensors.toLocaleString('en')} tensors`,
    `${parameters.toLocaleString('en')} parameters`,
    Object.keys(dtypes).join(' + '),
    gigabytes(size),
    `${files} ${files === 1 ? 'file' : 'files'}`,
  ])
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)))
  const table = rows.map((row) => `  ${row.map((cell, i) => cell.padEnd(widths[i]!)).join('  ')}`.trimEnd())
  const needs = memory.map(({ clip, ...plan }) => `  ${clip}: ${showMemory(plan)}`)
  return [
    `${dir}: complete and whole`,
    ...table,
    `  sampler ${solver}, image latents x ${Number(imageLatentScale.toFixed(4))} (image_latent_scale in transformer/config.json says otherwise)`,
    `  sha256 ${hash}`,
    `disk: ${gigabytes(bytes)} where they are, nothing is copied; ${gigabytes(disk.free)} free`,
    'memory to denoise:',
    ...needs,
  ].join('\n')
}
