#!/bin/sh
# Makes the four secrets of docker-compose.yml, each with a random password, in deploy/compose/secrets. Files that exist
# are kept. The folder is 0700; the files are 0444, since the service's own user in the container has to read them.
set -eu
folder=$(dirname "$0")/secrets
mkdir -p "$folder"
chmod 0700 "$folder"

random() { head -c 24 /dev/urandom | od -An -v -tx1 | tr -d ' \n'; }

make() { # make NAME TEXT
  if [ -e "$folder/$1" ]; then
    echo "kept: $folder/$1"
  else
    (umask 222 && printf '%s' "$2" > "$folder/$1")
    echo "made: $folder/$1"
  fi
}

make postgres_password "$(random)"
make shuqiao_admin_database_url "postgresql+psycopg://postgres:$(cat "$folder/postgres_password")@db:5432/postgres"
make shuqiao_owner_database_url "postgresql+psycopg://shuqiao_owner:$(random)@db:5432/shuqiao"
make shuqiao_database_url "postgresql+psycopg://shuqiao_app:$(random)@db:5432/shuqiao"
