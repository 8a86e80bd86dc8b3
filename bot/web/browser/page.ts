// What pages do beyond forms and links. All of them work without it.

/** Times in the reader's zone and language. */
function localTimes(root: ParentNode): void {
  for (const element of root.querySelectorAll<HTMLTimeElement>('time[datetime]')) {
    const date = new Date(element.dateTime);
    const day = element.dataset.form === 'day';
    element.textContent = new Intl.DateTimeFormat(
      navigator.language,
      day ? { dateStyle: 'medium' } : { dateStyle: 'medium', timeStyle: 'short' },
    ).format(date);
    element.title = date.toISOString();
  }
}

/** Buttons that only a script can serve are hidden without one. */
function scriptButtons(root: ParentNode): void {
  for (const button of root.querySelectorAll<HTMLButtonElement>('[data-reveal], [data-copy]'))
    button.hidden = false;
}

function reveal(button: HTMLButtonElement, field: HTMLInputElement): void {
  const shown = field.type === 'password';
  field.type = shown ? 'text' : 'password';
  button.textContent = shown ? 'Hide' : 'Show';
  button.setAttribute('aria-pressed', String(shown));
}

async function copy(button: HTMLButtonElement, text: string): Promise<void> {
  await navigator.clipboard.writeText(text);
  button.textContent = 'Copied';
}

document.addEventListener('click', (event) => {
  const button = event.target instanceof Element ? event.target.closest('button') : null;
  const { reveal: field = '', copy: source = '' } = button?.dataset ?? {};
  const input = document.getElementById(field);
  if (button && input instanceof HTMLInputElement) reveal(button, input);
  const text = document.getElementById(source)?.textContent;
  if (button && text) void copy(button, text);
});

/** A form that takes a while says so, and is sent once. */
document.addEventListener('submit', (event) => {
  const { submitter } = event;
  if (!(submitter instanceof HTMLButtonElement) || submitter.dataset.busy === undefined) return;
  const words = submitter.textContent;
  submitter.textContent = submitter.dataset.busy;
  submitter.setAttribute('aria-busy', 'true');
  // After the browser has taken the form's values.
  setTimeout(() => {
    submitter.disabled = true;
  });
  // Back from another page: as it was.
  addEventListener('pageshow', () => {
    submitter.disabled = false;
    submitter.textContent = words;
  });
});

/** A file that is dropped on its field, or chosen, is read out by name; the field itself shows it. */
for (const drop of document.querySelectorAll<HTMLElement>('.drop')) {
  const input = drop.querySelector<HTMLInputElement>('input[type=file]');
  const name = drop.querySelector<HTMLElement>('.drop-name');
  input?.addEventListener('change', () => {
    const file = input.files?.[0];
    if (name) name.textContent = file ? file.name : '';
    drop.classList.toggle('chosen', file !== undefined);
  });
  for (const type of ['dragenter', 'dragover']) drop.addEventListener(type, () => drop.classList.add('over'));
  for (const type of ['dragleave', 'drop']) drop.addEventListener(type, () => drop.classList.remove('over'));
}

/** Progress as the server tells it, until it has ended. */
for (const live of document.querySelectorAll<HTMLElement>('[data-events]')) {
  const source = new EventSource(live.dataset.events ?? '');
  source.addEventListener('progress', ({ data }) => {
    live.innerHTML = data;
    localTimes(live);
  });
  source.addEventListener('ended', () => {
    source.close();
    location.reload();
  });
}

document.addEventListener('htmx:after:swap', () => {
  localTimes(document);
  scriptButtons(document);
});
localTimes(document);
scriptButtons(document);
