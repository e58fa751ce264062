// The orbit view: the body in the world, seen from anywhere. Pointer and arrow keys turn, wheel and + / - come closer.
import { useEffect, useImperativeHandle, useRef, useState } from 'react'
import type { KeyboardEvent, Ref } from 'react'
import { Box as BoxIcon, Layers } from 'lucide-react'
import type { Asset } from '../../../main/api'
import { usePlayback } from '../../app/stores/playback'
import { useProject } from '../../app/stores/project'
import { EmptyState } from '../../ui'
import type { Box } from '../animate/canvas'
import { useMotion } from '../animate/motion'
import { useViewOption } from '../animate/options'
import { OrbitScene } from './orbit-scene'
import { usePlace } from './place'
import css from './viewport.module.css'

export interface OrbitHandle {
  reset(): void
}

/** Radians and share of the distance per press of a key. */
const turnBy = 0.12
const closer = 0.9

const keys: Record<string, [number, number, number]> = {
  ArrowLeft: [-turnBy, 0, 1],
  ArrowRight: [turnBy, 0, 1],
  ArrowUp: [0, -turnBy, 1],
  ArrowDown: [0, turnBy, 1],
  '+': [0, 0, closer],
  '=': [0, 0, closer],
  '-': [0, 0, 1 / closer],
}

interface Props {
  readonly box: Box | undefined
  readonly background: Asset | undefined
  readonly handle: Ref<OrbitHandle>
}

export function OrbitView({ box, background, handle }: Props) {
  const canvas = useRef<HTMLCanvasElement>(null)
  const [scene, setScene] = useState<OrbitScene>()
  const [failed, setFailed] = useState<string>()
  const { sampled, of } = useMotion()
  const settings = useProject((state) => state.project?.document.settings)
  const [trails] = useViewOption('trails')
  const [withPlace] = useViewOption('place')
  const place = usePlace(withPlace ? background : undefined)
  const shown = useRef<string>(undefined)

  useEffect(() => {
    let made: OrbitScene
    try {
      made = new OrbitScene(canvas.current!)
    } catch (error) {
      setFailed((error as Error).message)
      return
    }
    setScene(made)
    const lost = (event: Event): void => {
      event.preventDefault()
      setFailed('the graphics driver took its WebGL context away')
    }
    const element = canvas.current!
    element.addEventListener('webglcontextlost', lost)
    return () => {
      element.removeEventListener('webglcontextlost', lost)
      made.dispose()
    }
  }, [])

  useEffect(() => {
    if (box) scene?.resize(box.width, box.height, box.ratio)
  }, [scene, box])

  useEffect(() => {
    if (!scene || sampled?.kind !== 'motion') return
    scene.show(sampled, trails, shown.current !== of)
    shown.current = of
    scene.pose(usePlayback.getState().frame)
    return usePlayback.subscribe((state, before) => {
      if (state.frame !== before.frame) scene.pose(state.frame)
    })
  }, [scene, sampled, of, trails])

  useEffect(() => {
    if (settings) scene?.hang(place, settings, settings.crop)
  }, [scene, place, settings?.width, settings?.height, settings?.crop])

  const reset = (): void => scene?.reset()
  useImperativeHandle(handle, () => ({ reset }))

  const press = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    const turn = keys[event.key]
    if (turn) scene?.turn(...turn)
    else if (event.key === 'Home') reset()
    else return
    event.preventDefault()
    event.stopPropagation()
  }

  const flat = sampled?.kind === 'poses'
  return (
    <div className={css.stage}>
      <canvas
        ref={canvas}
        className={css.layer}
        hidden={failed !== undefined || flat}
        tabIndex={0}
        role="application"
        aria-label="The body in the world. Arrow keys turn the view, plus and minus come closer, Home resets it"
        onKeyDown={press}
      />
      {failed !== undefined ? (
        <div className={css.message}>
          <EmptyState icon={BoxIcon} title="The orbit view needs WebGL">
            It cannot be drawn here: {failed}. The camera view works without it.
          </EmptyState>
        </div>
      ) : (
        flat && (
          <div className={css.message}>
            <EmptyState icon={Layers} title="These are flat poses">
              This motion is a sequence of 2D poses (OpenPose): it has no depth, so there is nothing to walk around. The
              camera view shows it as it will be rendered.
            </EmptyState>
          </div>
        )
      )}
    </div>
  )
}
