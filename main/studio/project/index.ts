// Projects: the document that is open, and its file.
export { Projects } from './projects'
