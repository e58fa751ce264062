// The question that waits for an answer, if any.
import { useState } from 'react'
import { Button, Dialog, Field, TextField } from '../ui'
import { usePrompt } from './stores/prompt'
import type { Prompt } from './stores/prompt'
import css from './app.module.css'

export function Prompts() {
  const prompt = usePrompt((state) => state.prompt)
  return prompt ? <Question key={prompt.title} prompt={prompt} /> : null
}

function Question({ prompt: { title, text, answers, path, settle } }: { prompt: Prompt }) {
  const [typed, setTyped] = useState(path?.start ?? '')
  const last = answers.at(-1)!
  return (
    <Dialog
      title={title}
      width={440}
      onClose={() => settle(null)}
      footer={
        <>
          {path && <Button onClick={() => settle(null)}>Cancel</Button>}
          {answers.map(({ value, label, variant = 'plain' }) => (
            <Button
              key={value}
              variant={variant}
              disabled={path !== undefined && value === last.value && !typed.trim()}
              onClick={() => settle({ value, path: typed.trim() })}
            >
              {label}
            </Button>
          ))}
        </>
      }
    >
      <p className={css.question}>{text}</p>
      {path && (
        <Field label={path.label} layout="column">
          <TextField
            autoFocus
            value={typed}
            onChange={setTyped}
            onKeyDown={(event) => {
              if (event.key === 'Enter' && typed.trim()) settle({ value: last.value, path: typed.trim() })
            }}
          />
        </Field>
      )}
    </Dialog>
  )
}
