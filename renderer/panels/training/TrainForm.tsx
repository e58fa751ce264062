// What a new training run starts from, learns and sees. The artist's words in the form, the paper's in the hints.
import { useId, useState } from 'react'
import { FolderOpen, Play } from 'lucide-react'
import type { Grant, Job, TrainRequest } from '../../../main/api'
import { choosePlace } from '../../app/actions/places'
import { call } from '../../app/client'
import { useEstimate } from '../../app/estimate'
import { ofKind, useLibrary } from '../../app/stores/library'
import { complain } from '../../app/stores/ui'
import { Button, Field, NumberField, Section, Select, TextField } from '../../ui'
import { spell, weigh } from '../queue/words'
import { stages } from './words'
import css from './training.module.css'

type Draft = Omit<TrainRequest, 'kind' | 'data'>

/** What a run is where nothing else was said: own footage makes an adapter, which is gentler with the model and takes a larger rate. */
function usual(stage: TrainRequest['stage']): Draft {
  const common = { model: 'mini', stage, steps: 400, batch: 4, seed: 0 } as const
  return stage === 'adapter'
    ? { ...common, name: 'My adapter', learningRate: 0.001 }
    : { ...common, name: 'My model', learningRate: 0.0002 }
}

export function TrainForm({ onStarted }: { onStarted: (job: Job) => void }) {
  const [said, setSaid] = useState<Partial<Draft>>({})
  const [folder, setFolder] = useState<Grant>()
  const [fromFolder, setFromFolder] = useState(false)
  const [starting, setStarting] = useState(false)
  const assets = useLibrary((state) => state.assets)
  const footage = useId()
  const put = (change: Partial<Draft>): void => setSaid({ ...said, ...change })
  const draft: Draft = { ...usual(said.stage ?? (fromFolder ? 'adapter' : 'joint')), ...said }
  const isAdapter = draft.stage === 'adapter'
  if (isAdapter && draft.model === 'new') draft.model = 'mini'

  const name = draft.name.trim()
  const data = fromFolder ? folder?.grant : 'synth'
  const request: TrainRequest | undefined = name && data ? { kind: 'train', ...draft, name, data } : undefined
  const estimate = useEstimate(request ? [request] : [])

  const models = [
    ...(isAdapter ? [] : [{ value: 'new', label: 'Untrained' }]),
    { value: 'mini', label: 'mini (comes with the studio)' },
    ...ofKind(assets, 'model').map(({ id, name: label }) => ({ value: id, label })),
  ]
  const choose = async (): Promise<void> => {
    const chosen = await choosePlace({ what: 'dataset-folder' })
    if (chosen) setFolder(chosen)
    setFromFolder(Boolean(chosen ?? folder))
  }
  const start = async (): Promise<void> => {
    if (!request) return
    setStarting(true)
    try {
      const [job] = await call('jobs.add', { requests: [request] })
      onStarted(job)
    } catch (error) {
      complain(error)
    } finally {
      setStarting(false)
    }
  }
  return (
    // No form element: Enter in a number must not begin hours of work.
    <div className={css.form}>
      <Section title="New run">
        <Field label="Name" hint={`What the ${isAdapter ? 'adapter' : 'model'} will be called in the library`}>
          <TextField value={draft.name} onChange={(value) => put({ name: value })} maxLength={120} />
        </Field>
        <Field
          label={isAdapter ? 'Adds to' : 'Start from'}
          hint={
            isAdapter
              ? 'The model that the adapter is for; it stays as it is'
              : 'Training goes on from this model’s weights; untrained begins from chance'
          }
        >
          <Select value={draft.model} options={models} onChange={(model) => put({ model })} />
        </Field>
        <Field
          label="Stage"
          hint="The paper trains in three stages: first ControlNet (with the background motion learner), then ReferenceNet, then all of them jointly. An adapter comes after them"
        >
          <Select
            value={draft.stage}
            options={stages.map(({ value, label }) => ({ value, label }))}
            onChange={(stage) => put({ stage })}
          />
        </Field>
        <p className={css.hint}>{stages.find(({ value }) => value === draft.stage)?.about}</p>
      </Section>
      <Section title="What it sees">
        <Field
          label="Footage"
          hint="Clips with known poses, masks and backgrounds (a dataset, as `anywhere synth` writes it)"
        >
          <Select
            value={fromFolder ? 'folder' : 'synth'}
            options={[
              { value: 'synth', label: 'Synthetic, made as it goes' },
              { value: 'folder', label: folder ? 'A dataset folder' : 'A dataset folder…' },
            ]}
            onChange={(value) => {
              if (value === 'synth') setFromFolder(false)
              else if (folder) setFromFolder(true)
              else choose().catch(complain)
            }}
          />
        </Field>
        {fromFolder && folder && (
          <div className={css.folder}>
            <span id={footage} title={folder.path}>
              <bdi>{folder.path}</bdi>
            </span>
            <Button
              variant="quiet"
              icon={FolderOpen}
              aria-describedby={footage}
              onClick={() => void choose().catch(complain)}
            >
              Change…
            </Button>
          </div>
        )}
      </Section>
      <Section title="How long and how fast">
        <Field label="Steps" hint="Each step makes the weights a little better; the paper takes 20,000">
          <NumberField value={draft.steps} min={1} max={10_000_000} step={100} onChange={(steps) => put({ steps })} />
        </Field>
        <Field
          label="Clips per step"
          hint="Batch size: more is steadier, slower and takes more memory; the paper takes 8"
        >
          <NumberField value={draft.batch} min={1} max={64} step={1} onChange={(batch) => put({ batch })} />
        </Field>
        <Field
          label="Learning rate"
          hint="How far each step goes (AdamW). Smaller is safer when starting from a trained model"
        >
          <NumberField
            value={draft.learningRate}
            min={0}
            max={1}
            step={0.0001}
            decimals={6}
            onChange={(learningRate) => put({ learningRate })}
          />
        </Field>
        <Field label="Seed" hint="The same seed and settings train the same model">
          <NumberField value={draft.seed} min={0} max={2 ** 31 - 1} step={1} onChange={(seed) => put({ seed })} />
        </Field>
      </Section>
      <div className={css.start}>
        <p>
          {estimate &&
            `${estimate.measured ? 'About' : 'Roughly'} ${spell(estimate.seconds)}, ${weigh(estimate.memory)}`}
        </p>
        <Button variant="primary" icon={Play} disabled={!request || starting} onClick={() => void start()}>
          Start training
        </Button>
      </div>
    </div>
  )
}
