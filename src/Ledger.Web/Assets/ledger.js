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
