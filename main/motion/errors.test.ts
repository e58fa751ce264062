import { expect, it } from 'vitest'
import { UserError } from '../media/errors'
import { MotionError } from './errors'

it.each([MotionError, UserError])('%o: the message is one line, whatever it quotes, and not too long', (Kind) => {
  expect(new Kind('a "\r\n\u2028\u001b[31m\u202e" b').message).toBe('a " [31m " b')
  const { message } = new Kind(`motion x: "${'y'.repeat(5000)}" is too long; rename it`)
  expect(message).toHaveLength(480)
  expect(message).toMatch(/^motion x: "yyy.* \.\.\. .*y" is too long; rename it$/)
})
