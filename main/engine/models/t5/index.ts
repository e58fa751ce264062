// The text encoder of CogVideoX: T5 1.1 and its SentencePiece tokenizer.
export { parseT5Config } from './config'
export type { T5Config } from './config'
export { t5Specs } from './encoder'
export { readSpiece } from './spiece'
export { encodeOnce, openTextEncoder, zeroText } from './text-encoder'
export type { TextEncoder, TextEncoderFiles, TextModel } from './text-encoder'
