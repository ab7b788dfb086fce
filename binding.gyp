{
  # One place for the flags of everything native. Sources are listed by folder, so that a new file needs no line here.
  "variables": {
    "warnings": ["-Wall", "-Wextra", "-Werror"],
    "client_warnings": ["-Wall", "-Wextra", "-Werror", "-Wno-unused-parameter"],
    # The published package has no tests, and builds nothing for them.
    "with_tests%": "<!(test -d test/support/native && echo 1 || echo 0)",
    # Debian: libvncserver-dev. Without it the benchmark goes without that peer, and says so.
    "with_libvncserver%": "<!(test -e /usr/include/rfb/rfb.h && echo 1 || echo 0)"
  },
  "target_defaults": {
    "default_configuration": "Release",
    "cflags!": ["-Wall", "-Wextra", "-Wno-unused-parameter"],
    "cflags": ["-O2", "-g", "-fvisibility=hidden"],
    "configurations": {
      # "npm run test:sanitized": stops at what is undefined or out of bounds.
      "Debug": {
        "cflags": ["-fsanitize=address,undefined", "-fno-sanitize=vptr", "-fno-sanitize-recover=undefined"],
        "ldflags": ["-fsanitize=address,undefined"]
      },
      # Its other half: stops at data races.
      "Threads": {
        "cflags": ["-fsanitize=thread"],
        "ldflags": ["-fsanitize=thread"]
      }
    }
  },
  "targets": [
    {
      "target_name": "umfb",
      "sources": ["<!@(find native/binding native/memory native/trackers native/linux native/pixels native/ring native/sys -name '*.cc' | sort)"],
      "include_dirs": ["<!(node -p \"require('node-addon-api').include_dir\")", "native"],
      # The last one: a worker that is terminated has no use for an exception, and node-addon-api would abort the process.
      "defines": [
        "NAPI_VERSION=9", "NODE_ADDON_API_CPP_EXCEPTIONS", "_GNU_SOURCE",
        "NODE_API_SWALLOW_UNTHROWABLE_EXCEPTIONS"
      ],
      "cflags": ["<@(warnings)"],
      "cflags_cc!": ["-fno-exceptions", "-fno-rtti", "-std=gnu++17"],
      "cflags_cc": ["-std=gnu++20", "-fexceptions"],
      # Never unloaded, not even when the only worker that loaded it ends: a signal handler of ours may be in use.
      "ldflags": ["-Wl,-z,nodelete"]
    },
    {
      # Position-independent, for the shim is made of it too.
      "target_name": "umfb_client",
      "type": "static_library",
      "product_name": "libumfb",
      "product_dir": "<(PRODUCT_DIR)",
      "sources": ["<!@(find native/client native/client/device -maxdepth 1 -name '*.c' | sort)"],
      "defines": ["_GNU_SOURCE"],
      "cflags": ["<@(warnings)", "-std=gnu11", "-fPIC"]
    },
    {
      "target_name": "libumfb",
      "type": "shared_library",
      "product_name": "libumfb",
      "product_dir": "<(PRODUCT_DIR)",
      "sources": ["<!@(find native/client native/client/device -maxdepth 1 -name '*.c' | sort)"],
      "defines": ["_GNU_SOURCE"],
      "cflags": ["<@(warnings)", "-std=gnu11", "-fPIC"]
    },
    {
      "target_name": "umfb-preload",
      "type": "shared_library",
      "product_name": "umfb-preload",
      "product_dir": "<(PRODUCT_DIR)",
      "sources": ["<!@(find native/client/preload -name '*.c' | sort)"],
      "dependencies": ["umfb_client"],
      # Node's defaults would rename open to open64 before the shim can define both.
      "defines!": ["_FILE_OFFSET_BITS=64", "_LARGEFILE_SOURCE"],
      "defines": ["_GNU_SOURCE"],
      "cflags": ["<@(warnings)", "-std=gnu11", "-fPIC"],
      "ldflags": ["-Wl,--exclude-libs,ALL", "-Wl,-z,nodelete"]
    },
    {
      "target_name": "umfb-guard",
      "type": "executable",
      "sources": ["<!@(find native/client/guard -name '*.c' | sort)"],
      "defines": ["_GNU_SOURCE"],
      "cflags": ["<@(warnings)", "-std=gnu11"]
    },
    {
      "target_name": "umfb-demo",
      "type": "executable",
      "sources": ["<!@(find native/client/demo -name '*.c' | sort)"],
      "dependencies": ["umfb_client"],
      "defines": ["_GNU_SOURCE"],
      "cflags": ["<@(warnings)", "-std=gnu11"],
      "libraries": ["-lm"]
    },
    {
      "target_name": "umfb-bench",
      "sources": ["bench/native/addon.cc", "bench/native/control.c", "bench/native/draw.c"],
      "include_dirs": ["<!(node -p \"require('node-addon-api').include_dir\")"],
      "defines": ["NAPI_VERSION=9", "NODE_ADDON_API_CPP_EXCEPTIONS", "_GNU_SOURCE"],
      "cflags": ["<@(warnings)", "-O3"],
      "cflags_c": ["-std=gnu11"],
      "cflags_cc!": ["-fno-exceptions", "-fno-rtti", "-std=gnu++17"],
      "cflags_cc": ["-std=gnu++20", "-fexceptions"]
    },
    {
      # Of the benchmark and of the tests.
      "target_name": "umfb-kvm-guest",
      "sources": [
        "bench/native/kvm_guest_addon.cc", "bench/native/control.c", "bench/native/draw.c",
        "native/linux/kvm_guest.cc", "native/sys/system_error.cc"
      ],
      "include_dirs": ["<!(node -p \"require('node-addon-api').include_dir\")", "native", "bench/native"],
      "defines": ["NAPI_VERSION=9", "NODE_ADDON_API_CPP_EXCEPTIONS", "_GNU_SOURCE"],
      "cflags": ["<@(warnings)"],
      "cflags_c": ["-std=gnu11"],
      "cflags_cc!": ["-fno-exceptions", "-fno-rtti", "-std=gnu++17"],
      "cflags_cc": ["-std=gnu++20", "-fexceptions"]
    },
    {
      "target_name": "umfb-bench-writer",
      "type": "executable",
      "sources": ["bench/native/writer.c", "bench/native/control.c", "bench/native/draw.c"],
      "dependencies": ["umfb_client"],
      "include_dirs": ["native/client"],
      "defines": ["_GNU_SOURCE"],
      "cflags": ["<@(warnings)", "-std=gnu11", "-O3"]
    }
  ],
  "conditions": [
    ["with_tests==1", {
      "targets": [
        {
          "target_name": "umfb-bench-raw",
          "type": "executable",
          "sources": ["bench/peers/raw_wp_async.c"],
          "cflags": ["<@(warnings)", "-std=gnu11"]
        },
        {
          "target_name": "umfb-bench-peer",
          "type": "executable",
          "sources": [
            "bench/peers/main.c", "bench/native/draw.c", "bench/native/control.c",
            "<!@(find bench/peers/mechanisms -name '*.c' | sort)"
          ],
          "defines": ["_GNU_SOURCE"],
          "cflags": ["<@(warnings)", "-std=gnu11", "-O3"],
          "libraries": ["-lpthread"]
        },
        {
          "target_name": "umfb-bench-stores",
          "type": "executable",
          "sources": ["bench/peers/stores.c"],
          "cflags": ["<@(warnings)", "-std=gnu11"]
        },
        {
          "target_name": "umfb-test-writer",
          "type": "executable",
          "sources": [
            "test/support/native/writer.c", "test/support/native/trackable.c", "test/support/native/ways.c",
            "test/support/native/fixed_buffer.c"
          ],
          "dependencies": ["umfb_client"],
          "cflags": ["<@(warnings)", "-std=gnu11"]
        },
        {
          "target_name": "umfb-test-ways",
          "sources": [
            "test/support/native/ways_addon.c", "test/support/native/ways.c", "test/support/native/fixed_buffer.c"
          ],
          "defines": ["NAPI_VERSION=9"],
          "cflags": ["<@(warnings)", "-std=gnu11"]
        },
        {
          "target_name": "umfb-test-signals",
          "sources": ["test/support/native/signals_addon.c"],
          "defines": ["NAPI_VERSION=9"],
          "cflags": ["<@(warnings)", "-std=gnu11"],
          # Its handler stays installed after the worker that loaded it.
          "ldflags": ["-Wl,-z,nodelete"]
        },
        {
          "target_name": "umfb-test-faulter",
          "type": "executable",
          "sources": ["test/support/native/faulter.c"],
          "cflags": ["<@(warnings)", "-std=gnu11"]
        },
        {
          "target_name": "umfb-soak",
          "type": "executable",
          "sources": [
            "<!@(find test/support/native/soak -name '*.cc' | sort)", "test/support/native/trackable.c",
            "<!@(find native/memory native/trackers native/linux native/pixels native/sys -name '*.cc' ! -name system_error.cc | sort)"
          ],
          "dependencies": ["umfb_client"],
          "include_dirs": ["native", "test/support/native"],
          "cflags": ["<@(warnings)", "-pthread"],
          "cflags_cc!": ["-fno-exceptions", "-fno-rtti", "-std=gnu++17"],
          "cflags_cc": ["-std=gnu++20", "-fexceptions"],
          "ldflags": ["-pthread"]
        },
        {
          "target_name": "umfb-test-guest",
          "type": "executable",
          "sources": ["<!@(find native/client/test -name '*.c' | sort)"],
          "dependencies": ["umfb_client"],
          "defines": ["_GNU_SOURCE"],
          "cflags": ["<@(warnings)", "-std=gnu11"]
        }
      ]
    }],
    ["with_tests==1 and with_libvncserver==1", {
      "targets": [
        {
          "target_name": "umfb-bench-vnc-peer",
          "type": "executable",
          "sources": ["bench/peers/vnc_tiles.c", "bench/peers/main.c", "bench/native/draw.c", "bench/native/control.c"],
          "defines": ["_GNU_SOURCE"],
          "cflags": ["<@(warnings)", "-std=gnu11", "-O3"],
          "libraries": ["-lvncserver"]
        }
      ]
    }]
  ]
}
