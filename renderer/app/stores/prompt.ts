// A question to the artist that must be answered before going on: a choice of buttons, or a place on the disk to type.
import { create } from 'zustand'

export interface Answer {
  readonly value: string
  readonly label: string
  readonly variant?: 'primary' | 'plain' | 'danger'
}

export interface Prompt {
  readonly title: string
  readonly text: string
  /** With `path`, only the last one takes what was typed. */
  readonly answers: readonly Answer[]
  /** Asks for a line of text as well, starting with this. */
  readonly path?: { readonly label: string; readonly start: string }
  readonly settle: (answer: { readonly value: string; readonly path: string } | null) => void
}

export const usePrompt = create<{ readonly prompt: Prompt | undefined }>(() => ({ prompt: undefined }))

/** The value of the answer chosen; null when the question was closed. A newer question closes an older one. */
export function ask(question: Omit<Prompt, 'settle'>): Promise<{ value: string; path: string } | null> {
  usePrompt.getState().prompt?.settle(null)
  return new Promise((resolve) => {
    const settle: Prompt['settle'] = (answer) => {
      usePrompt.setState({ prompt: undefined })
      resolve(answer)
    }
    usePrompt.setState({ prompt: { ...question, settle } })
  })
}
