/** Who it is: what they are called, how they are reached, and what the business knows of them. */

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { BadgeCheck, Pencil } from "lucide-react";
import { useState } from "react";
import { keys, people, useRest, type Person, type RestError } from "../rest/index.js";
import { useLanguage, useTexts } from "../texts/language.js";
import { Avatar, Button, Field, IconButton, notify } from "../ui/index.js";
import { Facts, Part } from "./Part.js";
import { why } from "./TicketTab.js";
import { day } from "./times.js";

export function PersonTab({ person }: { person: Person }) {
  const rest = useRest();
  const { language, texts } = useLanguage();
  const [isEditing, setEditing] = useState(false);
  const identities = useQuery({ queryKey: keys.identities(person.id), queryFn: ({ signal }) => people.identities(rest, person.id, signal) });
  const facts: (readonly [string, string])[] = [];
  if (person.email !== null) facts.push([texts.personEmail, person.email]);
  if (person.external_id !== null) facts.push([texts.personExternal, person.external_id]);
  if (person.locale !== null) facts.push([texts.personLanguage, languageName(language, person.locale)]);
  facts.push([texts.personSince, day(language, person.created_at)]);
  const known = Object.entries(person.user_fields).map(([name, value]) => [name, shown(value)] as const);
  const addresses = identities.data ?? [];
  return (
    <div className="side-person">
      <header>
        <Avatar name={person.name} seed={person.messaging_id} url={person.photo?.content_url} size={52} />
        <h3 dir="auto">{person.name}</h3>
        <IconButton label={texts.personEdit} onPress={() => setEditing(!isEditing)}>
          <Pencil size={15} aria-hidden />
        </IconButton>
      </header>
      {isEditing && <Edit person={person} done={() => setEditing(false)} />}
      <Facts rows={facts} />
      {addresses.length > 0 && (
        <Part title={texts.personIdentities}>
          <ul className="side-identities">
            {addresses.map((one) => (
              <li key={one.id}>
                <span dir="auto">{one.value}</span>
                <span className="side-quiet">
                  {one.verified && <BadgeCheck size={14} aria-hidden />} {one.verified ? texts.personVerified : texts.personUnverified}
                </span>
              </li>
            ))}
          </ul>
        </Part>
      )}
      {known.length > 0 && (
        <Part title={texts.personFields}>
          <Facts rows={known} />
        </Part>
      )}
    </div>
  );
}

function Edit({ person, done }: { person: Person; done: () => void }) {
  const texts = useTexts();
  const rest = useRest();
  const queries = useQueryClient();
  const [name, setName] = useState(person.name);
  const [email, setEmail] = useState(person.email ?? "");
  const saving = useMutation({
    mutationFn: () => people.changePerson(rest, person.id, { name: name.trim(), ...(email.trim() === (person.email ?? "") ? {} : { email: email.trim() }) }),
    onSuccess: async () => {
      await queries.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] === "dossier" || queryKey[0] === "person" });
      done();
    },
    onError: (error: RestError) => notify({ tone: "bad", words: texts.ticketNotSaved(why(error)) }),
  });
  return (
    <form
      className="side-edit"
      onSubmit={(event) => {
        event.preventDefault();
        saving.mutate();
      }}
    >
      <Field label={texts.personName} value={name} onChange={setName} autoFocus />
      <Field label={texts.personEmail} type="email" value={email} onChange={setEmail} />
      <div className="side-buttons">
        <Button size="small" onPress={done}>
          {texts.personCancel}
        </Button>
        <Button size="small" variant="primary" type="submit" isPending={saving.isPending} isDisabled={name.trim() === ""}>
          {texts.personSave}
        </Button>
      </div>
    </form>
  );
}

function languageName(language: string, locale: string): string {
  try {
    return new Intl.DisplayNames([language], { type: "language" }).of(locale) ?? locale;
  } catch {
    return locale;
  }
}

function shown(value: unknown): string {
  return typeof value === "object" && value !== null ? JSON.stringify(value) : String(value ?? "–");
}
