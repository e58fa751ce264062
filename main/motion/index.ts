// The motion domain: pure TypeScript, the same in the engine, the studio and the window.

export * from './camera'
export * from './draw'
export * from './easing'
export * from './errors'
export * from './formats'
export * from './framing'
export * from './motion'
export * from './project'
export * from './rig'
export * from './samples'
export * from './types'
