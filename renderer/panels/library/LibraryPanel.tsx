// The library at the left: humans, places, motions and clips, to choose from, sort out and import into.
import { useMemo, useRef, useState } from 'react'
import { Clapperboard, Film, Mountain, PersonStanding, Plus, Star, X } from 'lucide-react'
import type { Asset } from '../../../main/api'
import { importPicked } from '../../app/app-commands'
import { useCommands } from '../../app/commands'
import { setTags } from '../../app/actions/library'
import { ofKind, useLibrary } from '../../app/stores/library'
import { complain, useUi } from '../../app/stores/ui'
import { Button, EmptyState, IconButton, SearchField, Tabs, Tags } from '../../ui'
import { AssetGrid } from './AssetGrid'
import { filterAssets } from './filter'
import css from './library.module.css'

const tabs = [
  { value: 'human', label: 'Humans' },
  { value: 'background', label: 'Places' },
  { value: 'motion', label: 'Motions' },
  { value: 'clip', label: 'Clips' },
] as const
type TabKind = (typeof tabs)[number]['value']

const empty: Record<TabKind, { icon: typeof Film; title: string; text: string }> = {
  human: {
    icon: PersonStanding,
    title: 'No humans yet',
    text: 'Import a picture of one person, head to feet if you can. They are cut out for you.',
  },
  background: {
    icon: Mountain,
    title: 'No places yet',
    text: 'Import a picture of a place. Larger pictures give the camera more room.',
  },
  motion: { icon: Film, title: 'No motions yet', text: 'Import a BVH, OpenPose, AMASS or GLB file, or a pose video.' },
  clip: { icon: Clapperboard, title: 'No clips yet', text: 'Press Render, and what is made appears here.' },
}

const importNow = (): void => void importPicked().catch(complain)

export function LibraryPanel() {
  const tab = useUi((state) => state.tab)
  const assets = useLibrary((state) => state.assets)
  const [search, setSearch] = useState('')
  const [starred, setStarred] = useState(false)
  const [tagging, setTagging] = useState<string>()
  const searchBox = useRef<HTMLInputElement>(null)
  useCommands(
    {
      'library.search': () => {
        searchBox.current?.focus()
        searchBox.current?.select()
      },
    },
    [],
  )
  const all = useMemo(() => ofKind(assets, tab), [assets, tab])
  const shown = useMemo(() => filterAssets(all, search, starred), [all, search, starred])
  const label = tabs.find(({ value }) => value === tab)!.label
  const tagged = tagging === undefined ? undefined : assets.get(tagging)

  return (
    <section className={css.library} aria-label="Library" data-drop-free>
      <Tabs
        label="Kinds"
        className={css.tabs}
        panel="library-list"
        value={tab}
        onChange={(next) => {
          setTagging(undefined)
          useUi.setState({ tab: next })
        }}
        tabs={tabs}
      />
      <div className={css.tools}>
        <SearchField ref={searchBox} label="Search the library" value={search} onChange={setSearch} />
        <IconButton
          icon={Star}
          size="small"
          label="Only starred"
          pressed={starred}
          onClick={() => setStarred(!starred)}
        />
        <IconButton icon={Plus} size="small" label="Import" shortcut="CmdOrCtrl+I" onClick={importNow} />
      </div>
      <div id="library-list" role="tabpanel" aria-label={label} className={css.list} data-drop={tab}>
        {shown.length > 0 ? (
          <AssetGrid key={tab} label={label} assets={shown} multiple={tab === 'clip'} onTags={setTagging} />
        ) : (
          <Nothing kind={tab} some={all.length > 0} onClear={() => (setSearch(''), setStarred(false))} />
        )}
      </div>
      {tagged ? (
        <TagEditor asset={tagged} onClose={() => setTagging(undefined)} />
      ) : (
        tab !== 'clip' && <p className={css.foot}>Drop pictures, videos or motion files anywhere</p>
      )}
    </section>
  )
}

function Nothing({ kind, some, onClear }: { kind: TabKind; some: boolean; onClear: () => void }) {
  const loaded = useLibrary((state) => state.loaded)
  if (!loaded) return null
  if (some)
    return (
      <EmptyState title="Nothing matches" action={<Button onClick={onClear}>Show all</Button>}>
        No name or tag has these words.
      </EmptyState>
    )
  const { icon, title, text } = empty[kind]
  return (
    <EmptyState
      icon={icon}
      title={title}
      action={kind === 'clip' ? undefined : <Button onClick={importNow}>Import files…</Button>}
    >
      {text}
    </EmptyState>
  )
}

function TagEditor({ asset, onClose }: { asset: Asset; onClose: () => void }) {
  return (
    <div className={css.tagging}>
      <header>
        <span>Tags of {asset.name}</span>
        <IconButton icon={X} size="small" label="Close tags" onClick={onClose} />
      </header>
      <Tags label="Add a tag" tags={asset.tags} onChange={(tags) => setTags(asset.id, tags)} />
    </div>
  )
}
