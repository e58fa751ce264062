// Files that a window has handed over, kept for an hour until it says what they are for.
import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, rmSync } from 'node:fs'
import fs from 'node:fs/promises'
import path from 'node:path'
import { uploadLimit } from '../api'
import { UserError } from '../media'
import { unwritable } from '../media/partials'
import type { Incoming } from './library'

const hour = 60 * 60 * 1000

export class Uploads {
  private readonly files = new Map<string, Incoming & { readonly since: number }>()

  /** `folder` is emptied: nobody remembers what an earlier run was handed. */
  constructor(private readonly folder: string) {
    rmSync(folder, { recursive: true, force: true })
    mkdirSync(folder, { recursive: true })
  }

  /** Keeps the bytes; returns the upload's id. Throws UserError when they are too many or the disk is full. */
  async add(name: string, bytes: Uint8Array): Promise<string> {
    await this.forgetOld()
    if (bytes.length > uploadLimit)
      throw new UserError(
        `"${name}" has ${Math.ceil(bytes.length / 2 ** 20)} MB; at most ${uploadLimit / 2 ** 20} MB can be handed over`,
      )
    const id = `upload_${randomBytes(8).toString('hex')}`
    const file = path.join(this.folder, id)
    try {
      await fs.writeFile(file, bytes)
    } catch (error) {
      await fs.rm(file, { force: true })
      throw unwritable(file, error)
    }
    this.files.set(id, { file, name: oneLine(name), since: Date.now() })
    return id
  }

  /** Throws UserError when it has been used up or is too old. */
  get(id: string): Incoming {
    const upload = this.files.get(id)
    if (!upload || !existsSync(upload.file))
      throw new UserError('the file that was handed over is no longer kept; choose it again')
    return upload
  }

  /** Removes what is left of these uploads. */
  async drop(ids: readonly string[]): Promise<void> {
    for (const id of ids) {
      await fs.rm(path.join(this.folder, id), { force: true })
      this.files.delete(id)
    }
  }

  private async forgetOld(): Promise<void> {
    const old = [...this.files].filter(([, { since }]) => Date.now() - since > hour)
    await this.drop(old.map(([id]) => id))
  }
}

function oneLine(name: string): string {
  return name.replace(/\p{Cc}+/gu, ' ').slice(0, 255)
}
