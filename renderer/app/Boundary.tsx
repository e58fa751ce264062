// A pane that fails says so in its own place; the rest of the window goes on.
import { Component } from 'react'
import type { ReactNode } from 'react'
import { TriangleAlert } from 'lucide-react'
import { Button, EmptyState } from '../ui'

interface Props {
  /** 'timeline': what the artist calls the pane. */
  readonly name: string
  readonly children: ReactNode
}

export class Boundary extends Component<Props, { readonly error: Error | undefined }> {
  override state = { error: undefined as Error | undefined }

  static getDerivedStateFromError(error: unknown) {
    return { error: error instanceof Error ? error : new Error(String(error)) }
  }

  override render(): ReactNode {
    const { error } = this.state
    if (!error) return this.props.children
    return (
      <div role="alert">
        <EmptyState
          icon={TriangleAlert}
          title={`The ${this.props.name} has stopped`}
          action={<Button onClick={() => this.setState({ error: undefined })}>Start it again</Button>}
        >
          Your work is safe. {error.message}
        </EmptyState>
      </div>
    )
  }
}
