// A clip's thumbnail, which plays while the pointer rests on it.
import { useEffect, useRef, useState } from 'react'
import { fileUrl, thumbnailUrl } from '../../../main/api'
import type { Asset } from '../../../main/api'
import css from './cell.module.css'

/** Milliseconds: a pointer on its way elsewhere starts nothing. */
const rest = 140

export function ClipPicture({ clip }: { readonly clip: Asset }) {
  const [playing, setPlaying] = useState(false)
  const picture = useRef<HTMLImageElement>(null)
  useEffect(() => {
    const cell = picture.current?.closest<HTMLElement>('[role=gridcell], [role=option]')
    if (!cell) return
    let timer: ReturnType<typeof setTimeout> | undefined
    const start = (): void => {
      clearTimeout(timer)
      timer = setTimeout(() => setPlaying(true), rest)
    }
    const stop = (): void => {
      clearTimeout(timer)
      if (!cell.matches(':hover, :focus-visible')) setPlaying(false)
    }
    const end = new AbortController()
    for (const type of ['pointerenter', 'focus']) cell.addEventListener(type, start, { signal: end.signal })
    for (const type of ['pointerleave', 'blur']) cell.addEventListener(type, stop, { signal: end.signal })
    return () => {
      clearTimeout(timer)
      end.abort()
    }
  }, [])
  return (
    <>
      <img
        ref={picture}
        className={css.picture}
        src={thumbnailUrl(clip.id)}
        alt=""
        loading="lazy"
        decoding="async"
        draggable={false}
      />
      {playing && (
        <video
          className={css.picture}
          src={fileUrl(clip.id)}
          muted
          loop
          autoPlay
          playsInline
          disablePictureInPicture
          aria-hidden
          tabIndex={-1}
        />
      )}
    </>
  )
}
