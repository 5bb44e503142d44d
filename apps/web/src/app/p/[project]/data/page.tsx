import { redirect } from 'next/navigation';

type Props = { readonly params: Promise<{ readonly project: string }> };

/** The first of the pages about data. */
export default async function DataPage({ params }: Props): Promise<never> {
  const { project } = await params;
  redirect(`/p/${project}/data/lexicon`);
}
