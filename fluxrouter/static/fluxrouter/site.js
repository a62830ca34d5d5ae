// Everything works without this file. It adds two comforts.

// A page that came back with errors starts at their list.
const summary = document.getElementById("errors");
if (summary) summary.focus();

// A second click within two seconds sends nothing twice (the server would not mind either).
for (const form of document.forms) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "yes";
    setTimeout(() => delete form.dataset.sent, 2000);
  });
}
