// Everything that makes a clip besides its human, place and motion, in the artist's words.
import { Lock, LockOpen, Shuffle, Timer } from 'lucide-react'
import type { RenderSettings } from '../../../main/api'
import { chosenCombination, freshSeed, requestOf } from '../../app/actions/render'
import { useEstimate } from '../../app/estimate'
import { ofKind, useLibrary } from '../../app/stores/library'
import { useProject } from '../../app/stores/project'
import { Field, IconButton, NumberField, Section, Select, Slider } from '../../ui'
import { spell, weigh } from '../queue/words'
import { CropEditor } from './CropEditor'
import { hintOptions } from './hints'
import { Presets } from './Presets'
import { SizeFields } from './SizeFields'
import { framesOfMotion } from './sizes'
import { change, useSettings } from './settings'
import { usualChange, usualOf } from './usual'
import css from './inspector.module.css'

export function InspectorPanel() {
  const settings = useSettings()
  return (
    <section className={css.inspector} aria-label="Render settings">
      {settings && (
        <>
          <PlaceSection settings={settings} />
          <PictureSection settings={settings} />
          <RenderSection settings={settings} />
        </>
      )}
    </section>
  )
}

interface Props {
  readonly settings: RenderSettings
}

function PlaceSection({ settings }: Props) {
  const place = useProject((state) => state.project?.document.chosen.background)
  const picture = useLibrary((state) => (place ? state.assets.get(place) : undefined))
  return (
    <Section title="Place">
      <Field
        label="Movement"
        hint="Strength of the background motion learner (BML): 0 is a still place, 1 is as learned."
      >
        <Slider
          value={settings.bml}
          min={0}
          max={Math.max(2, settings.bml)}
          step={0.05}
          usual={1}
          show={(value) => `${value.toFixed(2)}×`}
          onChange={(bml) => change('Movement', { bml })}
        />
      </Field>
      <Field label="Hint" hint="What the camera does where the poses leave it open.">
        <Select value={settings.hint} options={hintOptions} onChange={(hint) => change('Hint', { hint })} />
      </Field>
      {settings.hint !== 'auto' && (
        <Field
          label="Hint strength"
          hint="How far the camera follows the hint: 0 not at all, 1 as learned, 2 twice as far."
        >
          <Slider
            value={settings.hintStrength}
            min={0}
            max={2}
            step={0.05}
            usual={1}
            show={(value) => `${value.toFixed(2)}×`}
            onChange={(hintStrength) => change('Hint strength', { hintStrength })}
          />
        </Field>
      )}
      {picture && <CropEditor picture={picture} settings={settings} />}
    </Section>
  )
}

function PictureSection({ settings }: Props) {
  const { frames, fps } = settings
  const motion = useProject((state) => state.project?.document.chosen.motion)
  const seconds = useLibrary((state) => (motion ? state.assets.get(motion)?.seconds : undefined))
  const own = framesOfMotion(seconds ?? 3, fps)
  const shown = frames ?? own
  return (
    <Section title="Clip">
      <SizeFields size={settings} />
      <Field
        label="Frames"
        hint={frames === null ? 'As long as the motion, up to ten seconds.' : 'Length of the clip.'}
      >
        <NumberField
          value={shown}
          min={1}
          max={3600}
          step={1}
          unit={`${(shown / fps).toFixed(1)} s`}
          onChange={(value) => change('Length', { frames: value })}
        />
        <IconButton
          icon={Timer}
          size="small"
          side="left"
          label="As long as the motion"
          pressed={frames === null}
          onClick={() => change('Length', { frames: frames === null ? own : null })}
        />
      </Field>
      <Field label="Frames per second">
        <NumberField
          value={fps}
          min={1}
          max={60}
          step={1}
          decimals={3}
          onChange={(value) => change('Frames per second', { fps: value })}
        />
      </Field>
    </Section>
  )
}

function RenderSection({ settings }: Props) {
  const assets = useLibrary((state) => state.assets)
  const usual = usualOf(assets.get(settings.model))
  const models = ofKind(assets, 'model').map(({ id, name }) => ({ value: id, label: name }))
  const adapters = ofKind(assets, 'adapter').map(({ id, name }) => ({ value: id, label: name }))
  return (
    <Section title="Render">
      <Presets settings={settings} />
      <Field label="Model">
        <Select
          value={settings.model}
          options={[{ value: 'mini', label: 'mini' }, ...models]}
          onChange={(model) =>
            change('Model', { model, ...usualChange(settings, assets.get(settings.model), assets.get(model)) })
          }
        />
      </Field>
      <Field
        label="Adapter"
        hint="A small addition to the model, made by fine-tuning it on your own footage (Train, or a .safetensors file put into the library)."
      >
        <Select
          value={settings.adapter ?? ''}
          disabled={adapters.length === 0}
          options={[{ value: '', label: adapters.length === 0 ? 'None yet' : 'None' }, ...adapters]}
          onChange={(adapter) => change('Adapter', { adapter: adapter || null })}
        />
      </Field>
      <Field label="Steps" hint="Denoising steps: more take longer and look better, up to a point.">
        <Slider
          value={settings.steps}
          min={1}
          max={Math.max(30, settings.steps, usual.steps)}
          step={1}
          usual={usual.steps}
          onChange={(steps) => change('Steps', { steps })}
        />
      </Field>
      <Field label="Guidance" hint="How closely pictures and pose are followed (classifier-free guidance); 1 is none.">
        <NumberField
          value={settings.guidance}
          min={0}
          max={20}
          step={0.1}
          decimals={2}
          onChange={(guidance) => change('Guidance', { guidance })}
        />
      </Field>
      <SeedField seed={settings.seed} locked={settings.seedLocked} />
      <EstimateLine settings={settings} />
    </Section>
  )
}

/** As the studio's lines begin small, to stand behind others. */
const sentence = (line: string): string => `${line.charAt(0).toUpperCase()}${line.slice(1)}.`

function SeedField({ seed, locked }: { seed: number; locked: boolean }) {
  return (
    <Field label="Seed" hint="The same seed and settings make the same clip.">
      <NumberField
        value={seed}
        min={0}
        max={2 ** 31 - 1}
        step={1}
        onChange={(value) => change('Seed', { seed: value })}
      />
      <IconButton
        icon={locked ? Lock : LockOpen}
        size="small"
        side="left"
        label="Lock seed"
        pressed={locked}
        onClick={() => change('Seed', { seedLocked: !locked })}
      />
      <IconButton
        icon={Shuffle}
        size="small"
        side="left"
        label="Shuffle seed"
        onClick={() => change('Seed', { seed: freshSeed() })}
      />
    </Field>
  )
}

function EstimateLine({ settings }: Props) {
  const document = useProject((state) => state.project?.document)
  const combination = document && chosenCombination(document)
  const estimate = useEstimate(document && combination ? [requestOf({ ...document, settings }, combination)] : [])
  if (estimate?.refused !== undefined)
    return (
      <p className={css.refused} role="alert">
        {sentence(estimate.refused)}
      </p>
    )
  return (
    <p className={css.estimate} role="status">
      {!combination
        ? 'Choose a human, a place and a motion.'
        : estimate
          ? `About ${spell(estimate.seconds)}, ${weigh(estimate.memory)}`
          : '…'}
      {estimate && !estimate.measured && <span> · a guess until the first clip</span>}
    </p>
  )
}
