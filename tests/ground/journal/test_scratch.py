import pytest
from tests.ground.journal.conftest import *
from linli.ground.journal import queries, verifier

def test_x(db, tmp_path, capsys):
    acts(5); journal.publish_now(log_id=7, at=AT); acts(8); journal.publish_now(log_id=7,at=AT+timedelta(days=2))
    f=tmp_path/"b.linli"
    f.write_bytes(b"".join(queries.bundle(7,at=AT)))
    print(f.read_bytes().decode()[:1500])
    r=verifier.main([str(f), "--receipt", queries.receipt(7,3).code])
    print(capsys.readouterr().out)
    assert r==0
    p=tmp_path/"p"; p.write_text(queries.proof(7,3))
    assert verifier.main([str(p),"--key",queries.verifier_key(7)])==0
    print(p.read_text())
