// A clip as a picture: its thumbnail, its length and star; while it is hot it plays, and offers what can be done with it.
import { Maximize2, Star } from 'lucide-react'
import { fileUrl, thumbnailUrl } from '../../../main/api'
import type { Asset } from '../../../main/api'
import { classes } from '../../ui'
import { lengthOf } from '../queue/words'
import css from './cell.module.css'

interface Props {
  readonly clip: Asset
  /** The pointer or the keyboard rests on it. */
  readonly hot: boolean
}

/** All of it is for the eye and the pointer: the keyboard has Enter and S, and the cell's description says the rest. */
export function ClipPicture({ clip, hot }: Props) {
  const { id, seconds, starred } = clip
  return (
    <>
      <img className={css.picture} src={thumbnailUrl(id)} alt="" loading="lazy" decoding="async" draggable={false} />
      {hot && (
        <video
          className={css.picture}
          src={fileUrl(id)}
          muted
          loop
          autoPlay
          playsInline
          disablePictureInPicture
          aria-hidden
        />
      )}
      {seconds !== undefined && (
        <span className={css.chip} aria-hidden>
          {lengthOf(seconds)}
        </span>
      )}
      {hot && (
        <span data-do="open" className={classes(css.mark, css.open)} aria-hidden>
          <Maximize2 size={13} />
        </span>
      )}
      {(hot || starred) && (
        <span
          data-do="star"
          className={classes(css.mark, css.star, starred && css.starred, hot && css.ground)}
          aria-hidden
        >
          <Star size={13} fill={starred ? 'currentColor' : 'none'} />
        </span>
      )}
    </>
  )
}
