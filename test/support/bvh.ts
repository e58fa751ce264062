// The smallest BVH file that holds a human body, for tests that spoil it.

const joints: Readonly<Record<string, string>> = {
  UpLeg: '10 0 0',
  Leg: '0 -42 0',
  Foot: '0 -42 0',
  Arm: '18 50 0',
  ForeArm: '28 0 0',
  Hand: '25 0 0',
  Spine: '0 10 0',
  Neck: '0 45 0',
  Head: '0 10 0',
}

/** Values of one frame in which the body just stands: the hips' place and rotation, and the 15 joints' rotations. */
export const stillRow = ['0 95 0', ...Array<string>(16).fill('0 0 0')].join(' ')

/** A BVH file of these rows that says it has `frames` of them. */
export function bvhText(rows: readonly string[], frames = rows.length): string {
  const limbs = [limb('', 'Spine', 'Neck', 'Head')]
  for (const side of ['Left', 'Right'])
    limbs.push(limb(side, 'UpLeg', 'Leg', 'Foot'), limb(side, 'Arm', 'ForeArm', 'Hand'))
  const channels = 'CHANNELS 6 Xposition Yposition Zposition Zrotation Xrotation Yrotation'
  const hierarchy = `HIERARCHY\nROOT Hips\n{\nOFFSET 0 0 0\n${channels}\n${limbs.join('')}}\n`
  return `${hierarchy}MOTION\nFrames: ${frames}\nFrame Time: 0.0333\n${rows.join('\n')}\n`
}

function limb(side: string, ...names: readonly string[]): string {
  return names.reduceRight((inner, name) => {
    const offset = side === 'Right' ? joints[name]!.replace(/^(?=[1-9])/, '-') : joints[name]!
    return `JOINT ${side}${name}\n{\nOFFSET ${offset}\nCHANNELS 3 Zrotation Xrotation Yrotation\n${inner}}\n`
  }, 'End Site\n{\nOFFSET 0 -10 2\n}\n')
}
