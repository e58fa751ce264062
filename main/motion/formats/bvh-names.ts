// Which joint of a foreign skeleton is which part of the body: by name (CMU, Mixamo, Bandai, Poser, Biped, Unreal, Blender rigs...), and
// where names say nothing, by the shape of the tree.

import { Vector3 } from 'three'
import type { BvhNode } from './bvh-parse'

export type LimbPart = 'upperLeg' | 'lowerLeg' | 'foot' | 'toes' | 'shoulder' | 'upperArm' | 'lowerArm' | 'hand'
export const FINGERS = ['Thumb', 'Index', 'Middle', 'Ring', 'Little'] as const
export type Side = 'left' | 'right'

/** Indices of nodes. `hips` and `chest` are where the legs and the arms branch off. */
export interface BodyMap {
  hips: number
  chest: number
  neck: number
  head: number
  limbs: Record<Side, Partial<Record<LimbPart, number>>>
  /** Joints of each finger from its root on. */
  fingers: Record<Side, Partial<Record<(typeof FINGERS)[number], number[]>>>
}

/** Words for a part, the surest first; a joint is taken once, so the order of the parts settles words with two meanings. */
const WORDS: readonly (readonly [LimbPart, readonly string[]])[] = [
  ['upperLeg', ['upleg', 'upperleg', 'legupper', 'thigh', 'femur', 'hip']],
  ['lowerLeg', ['lowleg', 'lowerleg', 'leglower', 'shin', 'calf', 'knee', 'tibia', 'leg']],
  ['upperLeg', ['leg']],
  ['foot', ['ankle', 'foot']],
  ['toes', ['toebase', 'toes', 'toe', 'ball', 'forefoot', 'foot']],
  ['upperArm', ['uparm', 'upperarm', 'armupper', 'shldr', 'humerus', 'arm']],
  ['shoulder', ['collar', 'clavicle', 'collarbone']],
  ['upperArm', ['shoulder']],
  ['shoulder', ['shoulder']],
  ['lowerArm', ['lowarm', 'lowerarm', 'armlower', 'forearm', 'elbow', 'radius']],
  ['hand', ['wrist', 'hand', 'palm']],
]

const FINGER_WORDS: Record<(typeof FINGERS)[number], RegExp> = {
  Thumb: /thumb|finger0/,
  Index: /index|finger1|fingers$/,
  Middle: /middle|mid\d|finger2/,
  Ring: /ring|finger3/,
  Little: /pinky|pinkie|little|finger4/,
}

interface CoreName {
  side: Side | undefined
  /** Lower case, letters and digits only, without side and rig prefix. */
  core: string
}

/** Takes a joint's name apart: `mixamorig:LeftUpLeg`, `Bip01 L Thigh`, `UpperLeg_L`, `lThigh`, `thigh.R`, `RHipJoint`. */
export function coreName(name: string): CoreName {
  let rest = name.split(/[:|]/).at(-1)!
  rest = rest.replace(/^(mixamorig\d*|bip\d*|character\d*|joint|def|org|cc_base|valvebiped|jnt|j|b)[\s_.-]+/i, '')
  let side: Side | undefined
  const take = (pattern: RegExp) => {
    const match = pattern.exec(rest)
    if (!match || side) return
    side = match[1]!.toLowerCase().startsWith('l') ? 'left' : 'right'
    rest = rest.slice(0, match.index) + ' ' + rest.slice(match.index + match[0].length)
  }
  take(/(left|right)/i)
  take(/(?:^|[\s_.-])([lr])(?=[\s_.-]|$)/i)
  take(/^([lrLR])(?=[A-Z])/)
  return { side, core: rest.toLowerCase().replace(/[^a-z0-9]/g, '') }
}

/** The body in this skeleton, or undefined when it has no two legs, two arms and trunk. `rest` = places of the nodes in any one pose. */
export function mapBody(nodes: BvhNode[], places: Vector3[]): BodyMap | undefined {
  const limbs = limbsByName(nodes) ?? limbsByShape(nodes, places)
  if (!limbs) return undefined
  const { left, right } = limbs
  const hips = commonAncestor(nodes, left.upperLeg!, right.upperLeg!)
  const chest = commonAncestor(nodes, left.upperArm!, right.upperArm!)
  if (hips < 0 || chest < 0) return undefined
  const arms = [left, right].map((side) => pathBetween(nodes, chest, side.upperArm!)[0]!)
  const head = findHead(nodes, chest, arms)
  if (head === undefined) return undefined
  const [neck = head] = pathBetween(nodes, chest, head)
  return {
    hips,
    chest,
    neck,
    head,
    limbs,
    fingers: { left: fingersOf(nodes, left.hand), right: fingersOf(nodes, right.hand) },
  }
}

type Limbs = BodyMap['limbs']

const REQUIRED: LimbPart[] = ['upperLeg', 'lowerLeg', 'foot', 'upperArm', 'lowerArm']

function limbsByName(nodes: BvhNode[]): Limbs | undefined {
  const names = nodes.map((node) => coreName(node.name))
  const side = (which: Side): Partial<Record<LimbPart, number>> | undefined => {
    const found: Partial<Record<LimbPart, number>> = {}
    for (const [part, words] of WORDS) {
      const free = (i: number) =>
        names[i]!.side === which && nodes[i]!.channels.length > 0 && !Object.values(found).includes(i)
      for (const word of words) {
        if (found[part] !== undefined) break
        const at = names.findIndex(({ core }, i) => free(i) && core.replace(/0?1$/, '') === word)
        if (at >= 0) found[part] = at
      }
    }
    if (REQUIRED.some((part) => found[part] === undefined)) return undefined
    const links: [LimbPart, LimbPart][] = [
      ['upperLeg', 'lowerLeg'],
      ['lowerLeg', 'foot'],
      ['upperArm', 'lowerArm'],
    ]
    if (!links.every(([upper, lower]) => descends(nodes, found[upper]!, found[lower]!))) return undefined
    if (found.shoulder !== undefined && !descends(nodes, found.shoulder, found.upperArm!)) delete found.shoulder
    adopt(found, 'hand', 'lowerArm')
    adopt(found, 'toes', 'foot')
    return found
  }
  /** An unnamed end of a limb is the child of what it hangs on. */
  const adopt = (found: Partial<Record<LimbPart, number>>, part: LimbPart, from: LimbPart) => {
    const child = nodes.findIndex((node) => node.parent === found[from])
    if (found[part] === undefined && child >= 0) found[part] = child
  }
  const [left, right] = [side('left'), side('right')]
  return left && right && { left, right }
}

/** A trunk that carries the most, two long chains beside it (legs), and where the trunk branches again, two alike (arms) and a short one. */
function limbsByShape(nodes: BvhNode[], places: Vector3[]): Limbs | undefined {
  const children = nodes.map((_, i) => nodes.flatMap((node, k) => (node.parent === i ? [k] : [])))
  const size = (i: number): number => 1 + children[i]!.reduce((sum, k) => sum + size(k), 0)
  const reach = (i: number): number =>
    places[i]!.distanceTo(places[nodes[i]!.parent]!) + Math.max(0, ...children[i]!.map(reach))
  const branching = (from: number): number => {
    let i = from
    while (children[i]!.filter((k) => reach(k) > 0).length === 1) i = children[i]![0]!
    return i
  }
  const pelvis = branching(0)
  const [trunk, ...others] = [...children[pelvis]!].sort((a, b) => size(b) - size(a))
  const legs = others.sort((a, b) => reach(b) - reach(a)).slice(0, 2)
  if (trunk === undefined || legs.length < 2) return undefined
  const chest = branching(trunk)
  const arms = [...children[chest]!].sort((a, b) => reach(b) - reach(a)).slice(0, 2)
  if (arms.length < 2 || children[chest]!.length < 3) return undefined
  const leg = (i: number) => limbOf(i, ['upperLeg', 'lowerLeg', 'foot', 'toes'])
  const arm = (i: number) => limbOf(i, ['upperArm', 'lowerArm', 'hand'])
  const parts = [leg(legs[0]!), leg(legs[1]!), arm(arms[0]!), arm(arms[1]!)]
  if (parts.some((part) => !part)) return undefined
  const [legA, legB, armA, armB] = parts as Partial<Record<LimbPart, number>>[]
  // forward is where the toes point, left is up x forward
  const feet = [legA!, legB!].map((found) => places[found.foot!]!)
  const up = places[chest]!.clone().sub(feet[0]!.clone().add(feet[1]!).multiplyScalar(0.5)).normalize()
  const forward = new Vector3()
  for (const found of [legA!, legB!])
    if (found.toes !== undefined) forward.add(places[found.toes]!).sub(places[found.foot!]!)
  const left = up.cross(forward)
  const isLeft = (a: number, b: number) => places[a]!.clone().sub(places[b]!).dot(left) > 0
  const [leftLeg, rightLeg] = isLeft(legA!.upperLeg!, legB!.upperLeg!) ? [legA, legB] : [legB, legA]
  const [leftArm, rightArm] = isLeft(armA!.upperArm!, armB!.upperArm!) ? [armA, armB] : [armB, armA]
  return { left: { ...leftLeg, ...leftArm }, right: { ...rightLeg, ...rightArm } }

  /** The two longest links in a row are the limb's upper and lower bone. */
  function limbOf(start: number, names: LimbPart[]): Partial<Record<LimbPart, number>> | undefined {
    const chain = [start]
    for (let i = start; children[i]!.length > 0;) {
      i = children[i]!.reduce((best, k) => (reach(k) > reach(best) ? k : best))
      if (places[i]!.distanceTo(places[chain.at(-1)!]!) > 1e-6) chain.push(i)
    }
    const link = (k: number) => places[chain[k]!]!.distanceTo(places[chain[k + 1]!]!)
    let best = -1
    for (let k = 0; k + 2 < chain.length; k++)
      if (best < 0 || Math.min(link(k), link(k + 1)) > Math.min(link(best), link(best + 1))) best = k
    if (best < 0) return undefined
    return Object.fromEntries(
      names.flatMap((name, k) => (chain[best + k] === undefined ? [] : [[name, chain[best + k]]])),
    )
  }
}

/** The joint called head above the chest, or the end of the chain that is no arm. */
function findHead(nodes: BvhNode[], chest: number, arms: number[]): number | undefined {
  const inside = (i: number) => descends(nodes, chest, i) && !arms.some((arm) => i === arm || descends(nodes, arm, i))
  const joints = nodes.flatMap((node, i) => (node.channels.length > 0 && inside(i) ? [i] : []))
  const named = joints.find((i) => /^(head|skull|cranium)\d*$/.test(coreName(nodes[i]!.name).core))
  if (named !== undefined) return named
  const first = joints.filter((i) => !/end|eye|jaw|hair|top|nub/.test(coreName(nodes[i]!.name).core))
  return first.at(-1)
}

function fingersOf(nodes: BvhNode[], hand: number | undefined): BodyMap['fingers']['left'] {
  if (hand === undefined) return {}
  const fingers: BodyMap['fingers']['left'] = {}
  nodes.forEach((node, i) => {
    if (!descends(nodes, hand, i)) return
    const { core } = coreName(node.channels.length === 0 ? nodes[node.parent]!.name : node.name)
    const finger = FINGERS.find((name) => FINGER_WORDS[name].test(core.replace('hand', '')))
    if (finger) (fingers[finger] ??= []).push(i)
  })
  return fingers
}

function ancestors(nodes: BvhNode[], node: number): number[] {
  const path: number[] = []
  for (let i = node; i >= 0; i = nodes[i]!.parent) path.push(i)
  return path
}

function descends(nodes: BvhNode[], ancestor: number, node: number): boolean {
  return node !== ancestor && ancestors(nodes, node).includes(ancestor)
}

function commonAncestor(nodes: BvhNode[], a: number, b: number): number {
  const above = ancestors(nodes, b)
  return ancestors(nodes, a).find((i) => above.includes(i)) ?? -1
}

/** Nodes below `ancestor` on the way to and including `node`. */
function pathBetween(nodes: BvhNode[], ancestor: number, node: number): number[] {
  const path = ancestors(nodes, node)
  return path.slice(0, path.indexOf(ancestor)).reverse()
}
