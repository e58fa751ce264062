// Seeing the person in a still picture.
export { type DetectOptions, NoPersonError, type PersonDetection, detectPerson } from './detect-person'
export { loadKeypointsFile } from './keypoints-file'
export { POSE_MODELS, type PoseModel } from './networks'
