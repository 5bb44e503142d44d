import { redirect } from 'next/navigation';

export default async function ProjectPage({
  params,
}: {
  readonly params: Promise<{ readonly project: string }>;
}): Promise<never> {
  const { project } = await params;
  redirect(`/p/${project}/insights`);
}
