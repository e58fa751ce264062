// The report to send along with a question: versions, devices, what runs where and why not.
import { useEffect, useState } from 'react'
import { Copy } from 'lucide-react'
import { call } from '../../app/client'
import { complain, say, useUi } from '../../app/stores/ui'
import { Button, Dialog } from '../../ui'
import css from './sheets.module.css'

export function DoctorSheet() {
  const [report, setReport] = useState<string>()
  const close = (): void => useUi.setState({ sheet: undefined })
  useEffect(() => {
    call('system.doctor')
      .then(setReport)
      .catch((error: unknown) => {
        complain(error)
        close()
      })
  }, [])
  return (
    <Dialog
      title="Doctor report"
      width={640}
      onClose={close}
      footer={
        <Button
          variant="primary"
          icon={Copy}
          disabled={report === undefined}
          onClick={() => void copy(report ?? '').then(() => say('info', 'Report copied.'), complain)}
        >
          Copy
        </Button>
      }
    >
      {report === undefined ? (
        <p className={css.wait} role="status">
          Looking around…
        </p>
      ) : (
        <pre className={css.report} tabIndex={0} aria-label="Report">
          {report}
        </pre>
      )}
    </Dialog>
  )
}

/** Where the clipboard is refused (permissions are denied in the app), the old way: select and copy. */
async function copy(text: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text)
  } catch {
    const box = document.createElement('textarea')
    box.value = text
    document.querySelector('[role=dialog]')?.append(box)
    box.select()
    const done = document.execCommand('copy')
    box.remove()
    if (!done) throw new Error('The report could not be copied; select it and press Ctrl+C.')
  }
}
