// Every parser that takes files of strangers.
import type { Target } from '../target'
import { adapter } from './adapter'
import { bvh } from './bvh'
import { diffusers } from './diffusers'
import { modelConfig } from './model-config'
import { motion } from './motion'
import { keypoints, openpose, openposeFolder } from './openpose'
import { project } from './project'
import { safetensors } from './safetensors'
import { tflite } from './tflite'

export const targets: readonly Target[] = [
  safetensors,
  tflite,
  bvh,
  openpose,
  openposeFolder,
  project,
  motion,
  keypoints,
  modelConfig,
  adapter,
  diffusers,
]
