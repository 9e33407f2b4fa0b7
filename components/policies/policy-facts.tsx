import { Fact } from '../ui/facts.tsx';

interface Governed {
  policy: string | null;
  /** Exchanges have none. */
  operatorPolicy?: string | null;
  effectivePolicyDefinition: Record<string, string>;
}

/** Which policies are in effect here, and what they say together; nothing where there are none. */
export function PolicyFacts({ of: { policy, operatorPolicy = null, effectivePolicyDefinition } }: { of: Governed }) {
  if (policy === null && operatorPolicy === null) return null;
  return (
    <>
      {policy !== null && <Fact name="Policy">{policy}</Fact>}
      {operatorPolicy !== null && <Fact name="Operator policy">{operatorPolicy}</Fact>}
      <Fact name="They say">
        {Object.entries(effectivePolicyDefinition).map(([name, value]) => (
          <span key={name} className="block break-all font-mono text-xs">
            {name}: {value}
          </span>
        ))}
      </Fact>
    </>
  );
}
