-- Finding people, whatever way a name is written, at a cost that does not grow with their number.

-- A text as it is compared in a search: NFKC, without regard to case, words parted by single blanks. This is the one
-- place that says so: what is stored and what is asked for both go through it.
--
-- Upper and then lower case by ICU's root locale is what comes nearest to Unicode's case folding before PostgreSQL 18 has
-- it: ß becomes ss. What is left of it are the final sigma and the dot above that İ becomes beside its i. NFKC has made
-- blanks of U+00A0, U+3000 and their like; hyphens and the other white space part words as well.
CREATE FUNCTION search_form(given text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
AS $$
  SELECT btrim(regexp_replace(
    normalize(
      replace(replace(
        lower(upper(normalize(given, NFKC) COLLATE "und-x-icu") COLLATE "und-x-icu"), U&'i\0307', 'i'), 'ς', 'σ'),
      NFKC),
    '[\s\u0085\u1680\u2028\u2029\u00ad\u002d\u2010-\u2015\u2212]+', ' ', 'g')) COLLATE "C"
$$;

-- What a person is found by: the username, and the display name from each of its words on. At most 40 texts of 64
-- characters, so that no name makes an index's row too long.
CREATE FUNCTION search_words(username text, display_name text) RETURNS text[]
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
AS $$
  SELECT coalesce(array_agg(DISTINCT word), '{}')
  FROM (
    SELECT left(search_form(username), 64)
    UNION ALL
    (
      SELECT left(array_to_string(words[place:], ' '), 64)
      FROM string_to_array(search_form(display_name), ' ') words, generate_subscripts(words, 1) place
      ORDER BY place LIMIT 39
    )
  ) found (word)
  WHERE word <> ''
$$;

-- In the order of its bytes: a range of it is what begins with a text.
CREATE TABLE user_words (
  word text COLLATE "C" NOT NULL,
  user_id uuid NOT NULL,
  PRIMARY KEY (word, user_id)
);

ALTER TABLE users ADD COLUMN search_words text[] COLLATE "C" NOT NULL DEFAULT '{}';
UPDATE users SET search_words = search_words(username, display_name);
INSERT INTO user_words (word, user_id) SELECT unnest(search_words), id FROM users ORDER BY 1, 2;
DROP INDEX users_display_name_words;

CREATE FUNCTION users_set_search_words() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.search_words := search_words(NEW.username, NEW.display_name);
  RETURN NEW;
END
$$;

CREATE FUNCTION users_keep_words() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' THEN
    IF NEW.search_words = OLD.search_words THEN RETURN NULL; END IF;
    DELETE FROM user_words WHERE word = ANY (OLD.search_words) AND user_id = OLD.id;
  END IF;
  INSERT INTO user_words (word, user_id) SELECT unnest(NEW.search_words), NEW.id ON CONFLICT DO NOTHING;
  RETURN NULL;
END
$$;

CREATE TRIGGER users_search_words BEFORE INSERT OR UPDATE OF username, display_name ON users
FOR EACH ROW EXECUTE FUNCTION users_set_search_words();
CREATE TRIGGER users_words AFTER INSERT OR UPDATE OF username, display_name ON users
FOR EACH ROW EXECUTE FUNCTION users_keep_words();
