"""``python -m bench``: the measurements that the README quotes."""

from bench import maps

if __name__ == "__main__":
    maps.main()
