// Nobody can do on time what was due yesterday.
const due = context.target.get("{{prefix}}_due");
const today = context.now.toISOString().slice(0, 10);
if (due && due < today) context.reject("The due date has passed.", "{{prefix}}_due_passed");
