// Enhancement alone: every page does its work without this file.
import { initAll } from './govuk-frontend.min.js';

document.body.classList.add('js-enabled', 'govuk-frontend-supported');
initAll();

// A form is sent once, however often its button is pressed.
for (const form of document.querySelectorAll('form[data-once]')) {
  form.addEventListener('submit', event => {
    if (form.dataset.sent)
      event.preventDefault();
    form.dataset.sent = 'true';
  });
}
window.addEventListener('pageshow', () => document.querySelectorAll('form[data-sent]').forEach(form => delete form.dataset.sent));

// Where a page tells of errors, the reader is taken to them.
document.getElementById('errors')?.focus();

// A button prints the page, where scripts run; the browser's own command does so everywhere.
for (const button of document.querySelectorAll('[data-print]')) {
  button.hidden = false;
  button.addEventListener('click', () => window.print());
}

// The slider of the replay moves the instant of its form through the entries; the fields and buttons do the same without it.
for (const slider of document.querySelectorAll('[data-replay]')) {
  const form = document.getElementById(slider.dataset.replay);
  const range = slider.querySelector('input');
  const output = slider.querySelector('output');
  const steps = [...slider.querySelectorAll('option')];
  const say = () => {
    output.value = steps[range.value].label;
    range.setAttribute('aria-valuetext', steps[range.value].label);
  };
  let moving;
  slider.hidden = false;
  say();
  range.addEventListener('input', say);
  range.addEventListener('change', () => {
    // Keys held down pass over entries; where they stop, the page is shown.
    clearTimeout(moving);
    moving = setTimeout(() => {
      form.elements.knownAt.value = steps[range.value].dataset.instant;
      form.action = `/replay#${range.id}`;
      form.requestSubmit();
    }, 400);
  });
  if (location.hash === `#${range.id}`)
    range.focus();
}
