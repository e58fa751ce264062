// The text encoder's config.json, with transformers' keys and defaults, checked at the edge.
import { z } from 'zod'
import { checkedConfig } from '../../checked-config'

const size = z.number().int().positive()

const schema = z
  .object({
    d_model: size.default(512),
    d_kv: size.default(64),
    num_heads: size.default(8),
    d_ff: size.default(2048),
    num_layers: size.default(6),
    vocab_size: size.default(32128),
    relative_attention_num_buckets: size.multipleOf(4).default(32),
    relative_attention_max_distance: size.default(128),
    layer_norm_epsilon: z.number().positive().default(1e-6),
    feed_forward_proj: z.literal('gated-gelu', 'only T5 1.1 encoders (gated-gelu) are supported'),
    dense_act_fn: z.literal('gelu_new').default('gelu_new'),
    pad_token_id: z.literal(0).default(0),
    eos_token_id: z.literal(1).default(1),
  })
  .refine(
    ({ relative_attention_num_buckets: buckets, relative_attention_max_distance: distance }) => distance > buckets / 4,
    { path: ['relative_attention_max_distance'], message: 'must be more than a quarter of the buckets' },
  )
  .readonly()

/** Keys as in transformers' config.json of T5EncoderModel; keys that change nothing here are dropped. */
export type T5Config = z.infer<typeof schema>

/** Checks a parsed config.json. `source` is named in the UserError for a value this implementation does not have. */
export function parseT5Config(json: unknown, source: string): T5Config {
  return checkedConfig(schema, json, source, 'text encoder')
}
